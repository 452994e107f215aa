/// One stored value under its key.
public struct Record: Sendable, Equatable {
  public var key: String
  /// 1 for a new key, one more at each write.
  public var version: Int
  public var value: JSON
  /// `json` for plain values, `Edge` for edges, or whatever the writer named.
  public var type: String
  /// When the key was first written: RFC 3339, UTC.
  public var created: String

  public init(key: String, version: Int, value: JSON, type: String, created: String) {
    self.key = key
    self.version = version
    self.value = value
    self.type = type
    self.created = created
  }
}

extension JSON {
  /// A record as the commands print it: `{"created","key","type","value","version"}`.
  public init(_ record: Record) {
    self = JSON(members: [
      ("created", JSON(record.created)), ("key", JSON(record.key)), ("type", JSON(record.type)),
      ("value", record.value), ("version", JSON(record.version)),
    ])
  }
}
