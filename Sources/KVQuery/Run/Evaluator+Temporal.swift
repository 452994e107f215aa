import KV

extension Functions {
  /// Those that make and compare dates, times and durations.
  static let temporal: [String: ClosedRange<Int>] = {
    var arities: [String: ClosedRange<Int>] = [
      "duration": 1...1, "duration.between": 2...2, "duration.inmonths": 2...2, "duration.indays": 2...2,
      "duration.inseconds": 2...2, "datetime.fromepoch": 1...2, "datetime.fromepochmillis": 1...1,
    ]
    for kind in Temporal.Kind.allCases {
      arities[kind.rawValue] = 0...1
      for clock in ["transaction", "statement", "realtime"] { arities["\(kind.rawValue).\(clock)"] = 0...1 }
      arities["\(kind.rawValue).truncate"] = 2...3
    }
    return arities
  }()
}

extension Evaluator {
  /// - Parameter values: none of them null.
  func temporal(_ name: String, _ values: [Value], _ place: Place) throws -> Value {
    try place.locating {
      let parts = name.split(separator: ".").map(String.init)
      let action = parts.count > 1 ? parts[1] : ""
      guard let kind = Temporal.Kind(rawValue: parts[0]) else {
        return .duration(try duration(action, values, place))
      }
      switch action {
      case "truncate": return .temporal(try truncated(kind, values, place))
      case "fromepoch", "fromepochmillis": return .temporal(try fromEpoch(action, values, place))
      case "transaction", "statement", "realtime":
        return .temporal(try current(kind, at: action == "realtime" ? .now() : now, values, place))
      default: return .temporal(try made(kind, values, place))
      }
    }
  }

  private func made(_ kind: Temporal.Kind, _ values: [Value], _ place: Place) throws -> Temporal {
    switch values.first {
    case nil: return try current(kind, at: now, [], place)
    case .string(let text)?: return try TemporalParser.parse(text, as: kind, now: now.seconds)
    case .temporal(let temporal)?: return try temporal.projected(to: kind)
    case .map(let members)?:
      // Seconds since 1970, or only a time zone: now, there.
      for (name, action) in [("epochSeconds", "fromepoch"), ("epochMillis", "fromepochmillis")] {
        guard kind == .dateTime, let count = members[name] else { continue }
        guard members.names.allSatisfy({ [name, "nanosecond", "timezone"].contains($0) }) else {
          throw TemporalError("\(name) goes with nanosecond and timezone alone")
        }
        guard case .integer = count else { throw TemporalError("\(name) is an integer, not \(count.kind)") }
        let zone = try members["timezone"].map { try self.zone($0, place) } ?? .utc
        let nanosecond = try members["nanosecond"].map { value in
          guard case .integer(let number) = value else {
            throw TemporalError("nanosecond is an integer, not \(value.kind)")
          }
          return number
        }
        let moment = try fromEpoch(action, [count], place)
        let sum = moment.nanosecond + (nanosecond ?? 0)
        guard (0..<ClockTime.perSecond).contains(nanosecond ?? 0), sum < ClockTime.perSecond else {
          throw TemporalError("a second has no nanosecond \(nanosecond ?? 0) there")
        }
        return try Temporal(instant: moment.instant, nanosecond: sum, zone: zone)
      }
      if members.count == 1, let zone = members["timezone"] {
        return try current(kind, at: now, [zone], place)
      }
      return try TemporalFields(members, for: kind, now: now.seconds).value(kind)
    case let other?:
      throw place.error("\(kind.rawValue)() needs a string, a map or a time, not \(other.kind)")
    }
  }

  private func zone(_ value: Value, _ place: Place) throws -> Zone {
    guard case .string(let name) = value else {
      throw place.error("a time zone is a string, not \(value.kind)")
    }
    return try Zone(name)
  }

  /// What it is now, in UTC or in the zone asked for.
  private func current(_ kind: Temporal.Kind, at time: Timestamp, _ values: [Value], _ place: Place) throws
    -> Temporal
  {
    let zone = try values.first.map { try self.zone($0, place) } ?? .utc
    return try Temporal(instant: time.seconds, nanosecond: time.nanoseconds, zone: zone).projected(to: kind)
  }

  private func truncated(_ kind: Temporal.Kind, _ values: [Value], _ place: Place) throws -> Temporal {
    guard case .string(let unit) = values[0], case .temporal(let temporal) = values[1] else {
      throw place.error("truncate() needs a unit, as \"month\", and a time")
    }
    var fields = Value.Members()
    if values.count > 2 {
      guard case .map(let members) = values[2] else {
        throw place.error("truncate() needs a map of fields, not \(values[2].kind)")
      }
      fields = members
    }
    // What has no zone knows of no clock that is put on.
    let keepsZone = temporal.zone == nil || kind == .time || kind == .dateTime
    let whole =
      keepsZone ? temporal : try temporal.projected(to: temporal.date == nil ? .localTime : .localDateTime)
    let cut = try whole.truncated(to: unit)
    _ = try cut.projected(to: kind)
    return try TemporalFields(fields, for: kind, now: now.seconds).value(kind, replacingIn: cut)
  }

  private func fromEpoch(_ action: String, _ values: [Value], _ place: Place) throws -> Temporal {
    let numbers = values.compactMap { if case .integer(let number) = $0 { number } else { nil } }
    guard numbers.count == values.count else { throw place.error("\(action)() needs integers") }
    if action == "fromepochmillis" {
      let rest = numbers[0] % 1000
      return try Temporal(
        instant: numbers[0].dividedDown(by: 1000), nanosecond: (rest < 0 ? rest + 1000 : rest) * 1_000_000,
        zone: .utc)
    }
    let nanosecond = numbers.count > 1 ? numbers[1] : 0
    guard (0..<ClockTime.perSecond).contains(nanosecond) else {
      throw TemporalError("a second has no nanosecond \(nanosecond)")
    }
    return try Temporal(instant: numbers[0], nanosecond: nanosecond, zone: .utc)
  }

  private func duration(_ action: String, _ values: [Value], _ place: Place) throws -> CalendarDuration {
    if let unit = Temporal.Unit(rawValue: action) {
      guard case .temporal(let from) = values[0], case .temporal(let to) = values[1] else {
        throw place.error(
          "duration.\(action)() needs two times, not \(values.map(\.kind).joined(separator: ", "))")
      }
      return try from.duration(until: to, in: unit)
    }
    switch values[0] {
    case .string(let text): return try TemporalParser.duration(text)
    case .map(let members): return try TemporalFields.duration(members)
    case .duration(let duration): return duration
    case let other: throw place.error("duration() needs a string or a map, not \(other.kind)")
    }
  }
}
