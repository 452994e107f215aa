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
    return link(root, self.root(of: node))
  }

  /// - Returns: whether they were in different sets.
  @discardableResult
  mutating func join(_ one: Int32, _ other: Int32) -> Bool {
    let (left, right) = (root(of: one), root(of: other))
    if left == right { return false }
    _ = link(left, right)
    return true
  }

  /// Joins two sets, given by their least nodes, and returns the least of both.
  private mutating func link(_ one: Int32, _ other: Int32) -> Int32 {
    let least = min(one, other)
    parent[Int(max(one, other))] = least
    return least
  }
}
