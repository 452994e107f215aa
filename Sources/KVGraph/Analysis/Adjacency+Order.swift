import HeapModule
import KV

extension Adjacency {
  /// A walk that comes back to where it began, the first that a search deeper before wider finds in key order; `nil`
  /// where there is none. The last node leads to the first. An undirected edge there and back again is none.
  public func cycle() -> [NodeReference]? {
    if hasMirrors { return mixedCycle() }
    enum State { case unseen, open, done }
    var state = [State](repeating: .unseen, count: nodeCount)
    for start in 0..<Int32(nodeCount) where state[Int(start)] == .unseen {
      var stack = [(node: start, edges: arcs(from: start))]
      state[Int(start)] = .open
      while let (current, rest) = stack.last {
        guard let edge = rest.first else {
          state[Int(current)] = .done
          stack.removeLast()
          continue
        }
        stack[stack.count - 1].edges = rest.dropFirst()
        let target = targets[edge]
        switch state[Int(target)] {
        case .done: continue
        case .open: return stack.drop { $0.node != target }.map { node($0.node) }
        case .unseen:
          state[Int(target)] = .open
          stack.append((target, arcs(from: target)))
        }
      }
    }
    return nil
  }

  /// The first edge that leads both ways; `nil` where there is none.
  public var firstUndirectedEdge: Edge? {
    guard hasMirrors else { return nil }
    for node in 0..<Int32(nodeCount) {
      for edge in edges(from: node) where labels.isUndirected(label(of: edge)) {
        let key = EdgeKey(from: path(of: node), label: labels[label(of: edge)], to: path(of: targets[edge]))
        return Edge(key)?.undirected
      }
    }
    return nil
  }

  /// The nodes in an order in which every edge leads onwards; of several that may come next, the first in key order.
  /// `nil` where a cycle, or an undirected edge, allows none.
  public func topologicalOrder() -> [NodeReference]? {
    if hasMirrors { return nil }
    var waitsFor = [Int32](repeating: 0, count: nodeCount)
    for target in targets { waitsFor[Int(target)] += 1 }
    var ready = Heap((0..<Int32(nodeCount)).filter { waitsFor[Int($0)] == 0 })
    var order: [NodeReference] = []
    order.reserveCapacity(nodeCount)
    while let next = ready.popMin() {
      order.append(node(next))
      for edge in arcs(from: next) {
        let target = Int(targets[edge])
        waitsFor[target] -= 1
        if waitsFor[target] == 0 { ready.insert(Int32(target)) }
      }
    }
    return order.count == nodeCount ? order : nil
  }
}
