/// Sets of nodes that grow together; each is known by its least node.
struct UnionFind {
  private var parent: [Int32]

  init(count: Int) { parent = Array(0..<Int32(count)) }

  mutating func root(of node: Int32) -> Int32 {
    var node = node
    while parent[Int(node)] != node {
      parent[Int(node)] = parent[Int(parent[Int(node)])]
      node = parent[Int(node)]
    }
    return node
  }

  /// Joins a set, given by its least node, with that of another node.
  /// - Returns: the least node of both.
  mutating func join(set root: Int32, with node: Int32) -> Int32 {
    // In a large set most nodes are next to its least.
    if parent[Int(node)] == root { return root }
    let other = self.root(of: node)
    let least = min(root, other)
    parent[Int(max(root, other))] = least
    return least
  }

  /// - Returns: whether they were in different sets.
  @discardableResult
  mutating func join(_ one: Int32, _ other: Int32) -> Bool {
    let (left, right) = (root(of: one), root(of: other))
    if left == right { return false }
    parent[Int(max(left, right))] = min(left, right)
    return true
  }
}
