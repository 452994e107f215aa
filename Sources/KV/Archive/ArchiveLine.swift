/// A line of a dump: JSON Lines, of which the first says what the file is, and the last how much it holds.
public enum ArchiveLine: Sendable, Equatable {
  /// The first line.
  case start
  /// What the database holds.
  case item(ArchiveItem)
  /// The last line: without it the file was cut.
  case end(ArchiveCounts)

  private static let form = 1
  /// How many levels a line has around a value.
  package static let levels = 3
}

extension JSON {
  /// `{"kv":"dump",…}`, `{"record":…}`, `{"change":…}`, `{"task":…}`, `{"lock":…}`, `{"sequence":…}`, `{"setting":…}`, `{"index":…}`
  /// or `{"end":…}`.
  public init(_ line: ArchiveLine) {
    self =
      switch line {
      case .start: JSON(members: [("form", 1), ("kv", "dump")])
      case .item(.index(let index)):
        JSON(members: [
          (
            "index",
            JSON(members: [("attribute", JSON(index.attribute)), ("label", JSON(index.label))])
          )
        ])
      case .item(.setting(let name, let value)):
        JSON(members: [("setting", JSON(members: [("name", JSON(name)), ("value", JSON(value))]))])
      case .item(.record(let record)): JSON(members: [("record", JSON(record))])
      case .item(.change(let entry)): JSON(members: [("change", JSON(entry))])
      case .item(.sequence(let sequence)): JSON(members: [("sequence", JSON(sequence))])
      case .item(.task(let task)):
        // The payload as the text that it is, JSON or not.
        JSON(members: [
          (
            "task",
            JSON(
              members: (JSON(task).members ?? []).map {
                ($0.name, $0.name == "payload" ? JSON(task.payload) : $0.value)
              })
          )
        ])
      case .item(.lease(let lease)):
        JSON(members: [
          (
            "lock",
            JSON(
              members: (JSON(lease).members ?? []).filter { $0.name != "expired" }.map { ($0.name, $0.value) }
            )
          )
        ])
      case .end(let counts):
        JSON(members: [
          (
            "end",
            JSON(members: [
              ("changes", JSON(counts.changes)), ("locks", JSON(counts.leases)),
              ("records", JSON(counts.records)),
              ("tasks", JSON(counts.tasks)),
            ])
          )
        ])
      }
  }
}

extension ArchiveLine {
  /// Reads a line. Throws invalid data that says what is wrong with it.
  public init(_ json: JSON) throws {
    if json["kv"] == "dump" {
      guard let form = json["form"]?.integer else { throw Self.fault("form", of: json) }
      guard form == Self.form else {
        throw KVError(.invalidData, "the dump has the form \(form), which a newer kv writes; update kv")
      }
      self = .start
      return
    }
    guard let (kind, value) = json.members?.first, json.members?.count == 1 else {
      throw KVError(.invalidData, "expected an object of one member, such as {\"record\":…}")
    }
    switch kind {
    case "index":
      let index = AttributeIndex(
        label: try value.text(of: "label"), attribute: try value.text(of: "attribute"))
      if index.label.isEmpty || index.attribute.isEmpty { throw Self.fault("index", of: json) }
      self = .item(.index(index))
    case "setting":
      self = .item(.setting(name: try value.text(of: "name"), value: try value.text(of: "value")))
    case "record": self = .item(.record(try Self.record(value)))
    case "change":
      guard let action = StreamEntry.Action(rawValue: try value.text(of: "action")) else {
        throw Self.fault("action", of: value)
      }
      guard let record = value["record"] else { throw Self.fault("record", of: value) }
      let sequence = try value.number(of: "seq", from: 1)
      self = .item(.change(StreamEntry(sequence: sequence, action: action, record: try Self.record(record))))
    case "sequence":
      guard let sequence = value.integer, sequence >= 0 else { throw Self.fault("sequence", of: json) }
      self = .item(.sequence(sequence))
    case "task": self = .item(.task(try ScheduledTask(archived: value)))
    case "lock":
      self = .item(
        .lease(
          Lease(
            name: try value.name(of: "name"), holder: try value.text(of: "lockedBy"),
            acquired: try value.time(of: "lockedAt"), expires: try value.time(of: "expiresAt"),
            isExpired: false)))
    case "end":
      var counts = ArchiveCounts()
      counts.records = try value.number(of: "records")
      counts.changes = try value.number(of: "changes")
      counts.tasks = try value.number(of: "tasks")
      counts.leases = try value.number(of: "locks")
      self = .end(counts)
    default: throw KVError(.invalidData, "a dump holds no \(JSON(kind))")
    }
  }

  private static func record(_ json: JSON) throws -> Record {
    let record = try Record(json)
    if record.value.isTooDeep {
      throw KVError(
        .invalidData, "the value of \(JSON(record.key)) is nested deeper than \(JSON.maximumDepth) levels")
    }
    return record
  }

  fileprivate static func fault(_ name: String, of json: JSON) -> KVError {
    let found = json[name].map { "what is none: \(String($0.text.prefix(60)))" } ?? "nothing"
    return KVError(.invalidData, "for \(JSON(name)) there stands \(found)")
  }
}

extension Record {
  fileprivate init(_ json: JSON) throws {
    guard let value = json["value"] else { throw ArchiveLine.fault("value", of: json) }
    self.init(
      key: try json.text(of: "key"), version: try json.number(of: "version", from: 1), value: value,
      type: try json.text(of: "type"), created: try json.text(of: "created"))
    try validate(key: key)
    try validate(value: value)
    guard Timestamp(created) != nil else { throw ArchiveLine.fault("created", of: json) }
  }
}

extension ScheduledTask {
  fileprivate init(archived json: JSON) throws {
    guard let status = Status(rawValue: try json.text(of: "status")) else {
      throw ArchiveLine.fault("status", of: json)
    }
    // As a new task's.
    let most = Int(Int32.max)
    func optional(_ name: String) throws -> Timestamp? {
      json[name] == nil || json[name]?.kind == .null ? nil : try json.time(of: name)
    }
    self.init(
      id: try json.name(of: "id"), name: try json.name(of: "name"), payload: try json.text(of: "payload"),
      status: status, created: try json.time(of: "created"), scheduledFor: try json.time(of: "scheduledFor"),
      started: try optional("startedAt"), completed: try optional("completedAt"),
      lastError: try json.text(of: "lastError"), retryCount: try json.number(of: "retryCount", to: most),
      maxRetries: try json.number(of: "maxRetries", to: most),
      timeout: try json.number(of: "timeoutSeconds", from: 1, to: most),
      runner: try json.text(of: "lockedBy"), locked: try optional("lockedAt"),
      lockExpires: try optional("lockExpiresAt"))
  }
}

extension JSON {
  fileprivate func text(of name: String) throws -> String {
    guard let text = self[name]?.string, !text.utf8.contains(0) else {
      throw ArchiveLine.fault(name, of: self)
    }
    return text
  }

  /// A text that is not empty.
  fileprivate func name(of member: String) throws -> String {
    let text = try text(of: member)
    if text.isEmpty { throw ArchiveLine.fault(member, of: self) }
    return text
  }

  fileprivate func number(of name: String, from least: Int = 0, to most: Int = .max) throws -> Int {
    guard let number = self[name]?.integer, number >= least, number <= most else {
      throw ArchiveLine.fault(name, of: self)
    }
    return number
  }

  fileprivate func time(of name: String) throws -> Timestamp {
    guard let time = Timestamp(try text(of: name)) else { throw ArchiveLine.fault(name, of: self) }
    return time
  }
}
