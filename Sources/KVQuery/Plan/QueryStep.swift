/// A step of how a query runs.
public struct QueryStep: Sendable, Equatable {
  /// The clause: `MATCH`, `RETURN`.
  public var clause: String
  /// What it does, and how.
  public var action: String
  /// About with how many nodes it begins; `nil` where that is not known without a run.
  public var estimate: Int?
  /// Of a run: how many rows came out of it.
  public var rows: Int?
  /// Of a run: how many requests it made.
  public var requests: Int?
  /// Of a run: how long it took, without the steps behind it.
  public var seconds: Double?
}
