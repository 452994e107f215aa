/// Breadth-first walks from many nodes at once, a bit for each (M. Then and others, "The More the Merrier: Efficient Multi-Source Graph
/// Traversal", 2014): where several of them come at the same distance, that is one step.
///
/// Memory: 24 bytes a node.
struct MultiSourceWalk {
  /// How many walks there are at most.
  private static let width = UInt64.bitWidth

  private let lists: ArcLists
  /// By node, the walks that have come there, those that are there now, and those that come there next.
  private var seen: [UInt64]
  private var here: [UInt64]
  private var next: [UInt64]

  private init(along lists: ArcLists) {
    self.lists = lists
    seen = [UInt64](repeating: 0, count: lists.offsets.count - 1)
    (here, next) = (seen, seen)
  }

  /// - Parameters:
  ///   - starts: each another node.
  ///   - visit: told of each node and distance which walks come there: bit `n` is that from the start at place `n`.
  /// - Returns: by start, how far its walk led.
  @discardableResult
  mutating func run(
    from starts: ArraySlice<Int32>,
    visit: (_ node: Int, _ distance: Int, _ walks: UInt64) -> Void = { _, _, _ in }
  ) -> [Int] {
    Self.run(from: starts, lists, &seen, &here, &next, visit)
  }

  private static func run(
    from starts: ArraySlice<Int32>, _ lists: ArcLists, _ seen: inout [UInt64], _ here: inout [UInt64],
    _ next: inout [UInt64], _ visit: (_ node: Int, _ distance: Int, _ walks: UInt64) -> Void
  ) -> [Int] {
    let (offsets, others) = (lists.offsets.span, lists.others.span)
    var seen = seen.mutableSpan
    var here = here.mutableSpan
    var next = next.mutableSpan
    for node in 0..<seen.count { seen[node] = 0 }
    for (walk, start) in starts.enumerated() {
      here[Int(start)] = 1 << UInt64(walk)
      seen[Int(start)] = here[Int(start)]
      visit(Int(start), 0, here[Int(start)])
    }
    var farthest = [Int](repeating: 0, count: starts.count)
    var level = Array(starts)
    var reached: [Int32] = []
    var distance = 0
    while true {
      for node in level {
        let walks = here[Int(node)]
        here[Int(node)] = 0
        for arc in Int(offsets[Int(node)])..<Int(offsets[Int(node) + 1]) {
          let other = Int(others[arc])
          let new = walks & ~seen[other]
          guard new != 0 else { continue }
          if next[other] == 0 { reached.append(Int32(other)) }
          next[other] |= new
        }
      }
      if reached.isEmpty { return farthest }
      distance += 1
      var going: UInt64 = 0
      for node in reached.lazy.map({ Int($0) }) {
        here[node] = next[node]
        next[node] = 0
        seen[node] |= here[node]
        going |= here[node]
        visit(node, distance, here[node])
      }
      for walk in farthest.indices where going & (1 << UInt64(walk)) != 0 { farthest[walk] = distance }
      swap(&level, &reached)
      reached.removeAll(keepingCapacity: true)
    }
  }

  /// Walks from any number of nodes, on several cores.
  /// - Parameters:
  ///   - progress: told now and then how many walks are done.
  ///   - empty: what each core begins with.
  ///   - walks: walks from some of the nodes, and adds to what is found.
  ///   - take: gets what a core has found, in the order of the starts.
  /// - Throws: `CancellationError` where the task is cancelled.
  static func run<Found>(
    from starts: [Int32], along lists: ArcLists, progress: (Int) -> Void, finding empty: Found,
    _ walks: (_ walk: inout MultiSourceWalk, _ starts: ArraySlice<Int32>, _ found: inout Found) -> Void,
    take: (Found) -> Void
  ) throws {
    try Concurrently.map(
      partsOf: starts.count, of: 16 * width, steps: lists.others.count * starts.count, progress: progress
    ) { part, isCancelled in
      var (walk, found) = (MultiSourceWalk(along: lists), empty)
      for first in stride(from: part.lowerBound, to: part.upperBound, by: width) where !isCancelled() {
        walks(&walk, starts[first..<min(first + width, part.upperBound)], &found)
      }
      return found
    } take: {
      take($0)
    }
  }
}
