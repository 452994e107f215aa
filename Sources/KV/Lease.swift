/// A lease on a name: its holder has it until it runs out or is released.
public struct Lease: Sendable, Equatable {
  /// What the lease is on: the name given to ``Leasing/acquireLease(_:holder:duration:)``.
  public var name: String
  /// Who has the lease, or had it last. The same holder may extend it.
  public var holder: String
  /// When this holder took it, by the database's clock; extending it before it has run out does not change this.
  public var acquired: Timestamp
  /// When it runs out unless it is extended, by the database's clock.
  public var expires: Timestamp
  /// Whether it has run out by the database's clock, so that anybody may take it.
  public var isExpired: Bool

  /// A lease of these parts. Nothing is written; see ``Leasing/acquireLease(_:holder:duration:)``.
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
