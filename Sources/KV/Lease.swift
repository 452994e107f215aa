/// A lease on a name: its holder has it until it runs out or is released.
public struct Lease: Sendable, Equatable {
  public var name: String
  public var holder: String
  /// When this holder took it; extending keeps it.
  public var acquired: Timestamp
  public var expires: Timestamp
  /// Whether it has run out by the database's clock, so that anybody may take it.
  public var isExpired: Bool

  public init(name: String, holder: String, acquired: Timestamp, expires: Timestamp, isExpired: Bool) {
    self.name = name
    self.holder = holder
    self.acquired = acquired
    self.expires = expires
    self.isExpired = isExpired
  }
}

extension JSON {
  /// `{"expired","expiresAt","lockedAt","lockedBy","name"}`.
  public init(_ lease: Lease) {
    self = JSON(members: [
      ("expired", JSON(lease.isExpired)), ("expiresAt", JSON("\(lease.expires)")),
      ("lockedAt", JSON("\(lease.acquired)")), ("lockedBy", JSON(lease.holder)), ("name", JSON(lease.name)),
    ])
  }
}
