/// One stored value under its key.
public struct Record: Sendable, Equatable {
  /// Not empty, without NUL, and unique in the store.
  public var key: String
  /// 1 for a new key, one more at each write.
  public var version: Int
  /// The stored value.
  public var value: JSON
  /// `json` for plain values, `Edge` for edges, or whatever the writer named.
  public var type: String
  /// When the key was first written: RFC 3339, UTC.
  public var created: String

  /// A record of these parts.
  public init(key: String, version: Int, value: JSON, type: String, created: String) {
    self.key = key
    self.version = version
    self.value = value
    self.type = type
    self.created = created
  }
}

/// One change of the store, as the stream keeps it.
public struct StreamEntry: Sendable, Equatable {
  /// What a change did to its key. The raw values are the stream's own words.
  public enum Action: String, Sendable {
    /// `create`: the key was absent. `update`: its record was written over. `delete`: its record was removed.
    case create, update, delete
  }

  /// The sequence number, which grows with each change; gaps are possible.
  public var sequence: Int
  /// What the change did to the key.
  public var action: Action
  /// The record as it was after the change; for a deletion, before it.
  public var record: Record

  /// A stream entry of these parts.
  public init(sequence: Int, action: Action, record: Record) {
    self.sequence = sequence
    self.action = action
    self.record = record
  }
}

extension JSON {
  /// A stream entry as the commands print it: `{"action","record","seq"}`.
  public init(_ entry: StreamEntry) {
    self = JSON(members: [
      ("action", JSON(entry.action.rawValue)), ("record", JSON(entry.record)), ("seq", JSON(entry.sequence)),
    ])
  }

  /// A record as the commands print it: `{"created","key","type","value","version"}`.
  public init(_ record: Record) {
    self = JSON(members: [
      ("created", JSON(record.created)), ("key", JSON(record.key)), ("type", JSON(record.type)),
      ("value", record.value), ("version", JSON(record.version)),
    ])
  }
}
