import KV

extension KVError.Reason {
  /// The query needs more memory than it may have.
  public static let queryMemory = Self("queryMemory")
  /// The query would change the graph, and may only read it.
  public static let readOnlyQuery = Self("readOnlyQuery")
  /// The query would change a node's type or id, which are its name.
  public static let fixedName = Self("fixedName")
  /// A parameter of the query has no value.
  public static let missingParameter = Self("missingParameter")
}
