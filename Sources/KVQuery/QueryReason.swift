import KV

extension KVError.Reason {
  /// The query would change the graph, and may only read it.
  public static let readOnlyQuery = Self("readOnlyQuery")
  /// A parameter of the query has no value.
  public static let missingParameter = Self("missingParameter")
}
