extension Temporal {
  /// Later by months, then days, by the calendar, and then by seconds as they pass.
  func adding(_ duration: CalendarDuration) throws -> Temporal {
    let wholeDays = duration.seconds / 86_400
    guard let date else {
      let (moved, _) = (time ?? .midnight).adding(
        seconds: duration.seconds, nanoseconds: duration.nanoseconds)
      return Temporal(time: moved, zone: zone)
    }
    let months = try date.adding(months: duration.months)
    let moved = try months.adding(days: duration.days)
    guard let time else { return Temporal(date: try moved.adding(days: wholeDays)) }
    let between =
      duration.months == 0 ? self : try Temporal(date: months, time: time, zone: zone, preferring: offset)
    let there = try Temporal(date: moved, time: time, zone: zone, preferring: between.offset)
    guard let zone else {
      let (time, days) = time.adding(seconds: duration.seconds, nanoseconds: duration.nanoseconds)
      return try Temporal(date: try moved.adding(days: days), time: time)
    }
    let nanoseconds = there.nanosecond + duration.nanoseconds
    return try Temporal(
      instant: there.instant + duration.seconds + nanoseconds / ClockTime.perSecond,
      nanosecond: nanoseconds % ClockTime.perSecond, zone: zone)
  }

  /// What a length between two moments is counted in.
  enum Unit: String {
    case any = "between"
    case months = "inmonths"
    case days = "indays"
    case seconds = "inseconds"
  }

  /// How long it is until another: what one does not know, it has from the other.
  func duration(until other: Temporal, in unit: Unit) throws -> CalendarDuration {
    let haveDates = date != nil && other.date != nil
    guard haveDates || unit == .any || unit == .seconds else { return .zero }
    let zones = (zone ?? other.zone, other.zone ?? zone)
    let day = try CalendarDate(dayNumber: 0)
    func whole(_ one: Temporal, _ date: CalendarDate?, _ zone: Zone?) throws -> Temporal {
      try Temporal(
        date: date ?? day, time: one.time ?? .midnight, zone: zone ?? .utc,
        preferring: one.zone == nil ? nil : one.offset)
    }
    var from = try whole(self, date ?? other.date, zones.0)
    let to = try whole(other, other.date ?? date, zones.1).converted(to: zones.0 ?? .utc, now: 0)
    guard let fromDate = from.date, let fromTime = from.time, let toDate = to.date, let toTime = to.time
    else { return .zero }
    // The last day counts where it is whole.
    var end = toDate
    if end.dayNumber > fromDate.dayNumber, toTime.nanoseconds < fromTime.nanoseconds {
      end = try end.adding(days: -1)
    } else if end.dayNumber < fromDate.dayNumber, toTime.nanoseconds > fromTime.nanoseconds {
      end = try end.adding(days: 1)
    }
    var (months, days) = (0, 0)
    if haveDates, unit == .any || unit == .months { months = fromDate.months(until: end) }
    if unit == .months { return try CalendarDuration(months: months) }
    let begin = try fromDate.adding(months: months)
    if haveDates, unit == .any || unit == .days { days = end.dayNumber - begin.dayNumber }
    if unit == .days { return try CalendarDuration(days: days) }
    if months != 0 {
      from = try Temporal(date: begin, time: fromTime, zone: zones.0 ?? .utc, preferring: from.offset)
    }
    from = try Temporal(
      date: try begin.adding(days: days), time: fromTime, zone: zones.0 ?? .utc, preferring: from.offset)
    return try CalendarDuration(
      months: months, days: days, seconds: to.instant - from.instant,
      nanoseconds: to.nanosecond - from.nanosecond)
  }
}
