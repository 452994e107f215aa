import KV
import KVGraph

/// Which of the paths between two nodes are taken.
extension Matcher {
  /// Of a part of several edge patterns the paths that its selector wants: all are found, and by their ends the shortest taken.
  func select(
    _ part: PatternPart, _ start: Int, _ steps: [Step], _ states: [State], emit: @escaping Emit
  ) async throws -> Bool {
    for state in states {
      var found: [State] = []
      var whole = part
      whole.selector = .all
      _ = try await begin(part, start, [state]) { begun in
        try await self.walk(whole, steps[...], begun) { ended in
          found += try await self.settled(ended, part)
          return true
        }
      }
      let lengths = found.map { $0.edges.reduce(0) { $0 + $1.count } }
      if case .cheapest = part.selector {
        for place in found.indices { found[place].cost = try await cost(of: found[place], part) }
      }
      let order = found.indices.sorted {
        (found[$0].cost ?? 0, lengths[$0], $0) < (found[$1].cost ?? 0, lengths[$1], $1)
      }
      var taken: [[ObjectIdentifier]: (count: Int, lengths: Int, last: Int)] = [:]
      var wanted: [State] = []
      for place in order {
        let ends = [found[place].nodes.first, found[place].nodes.last].compactMap { $0 }.compactMap {
          $0.map { ObjectIdentifier($0) }
        }
        var known = taken[ends] ?? (0, 0, -1)
        if lengths[place] != known.last { (known.lengths, known.last) = (known.lengths + 1, lengths[place]) }
        known.count += 1
        taken[ends] = known
        if part.selector.wants(known.count, ofLength: known.lengths) { wanted.append(found[place]) }
      }
      if !wanted.isEmpty, try await !emit(wanted) { return false }
    }
    return true
  }

  /// What the edges of a part cost together; those of patterns without a COST nothing.
  private func cost(of state: State, _ part: PatternPart) async throws -> Double {
    var sum = 0.0
    for (place, pattern) in part.edges.enumerated() {
      for edge in state.edges[place] { sum += try await cost(of: edge, pattern, state.row) }
    }
    return sum
  }

  /// The first walks to each node that may be the end, level by level.
  func walkRanked(
    _ part: PatternPart, _ step: Step, _ states: [State], _ count: Int, byGroups: Bool,
    emit: @escaping Emit
  ) async throws -> Bool {
    let pattern = part.edges[step.edge]
    let length = pattern.length ?? 1...1
    for state in states {
      guard let (start, end) = try await ends(of: step, part, state) else { continue }
      var taken: [ObjectIdentifier: (count: Int, lengths: Int)] = [:]

      var frontier = [Walk(state: state, node: start)]
      var depth = 0
      while !frontier.isEmpty {
        if depth >= length.lowerBound {
          var arrived: [Walk] = []
          var reached: Set<ObjectIdentifier> = []
          for walk in frontier where end == nil || walk.node === end {
            let key = ObjectIdentifier(walk.node)
            var known = taken[key] ?? (0, 0)
            if reached.insert(key).inserted { known.lengths += 1 }
            known.count += 1
            taken[key] = known
            if part.selector.wants(known.count, ofLength: known.lengths) { arrived.append(walk) }
          }
          if try await !finish(arrived, part, step, emit) { return false }
          if let end, let known = taken[ObjectIdentifier(end)],
            byGroups ? known.lengths >= count : known.count >= count
          {
            break
          }
        }
        if depth == length.upperBound { break }
        depth += 1
        var next: [Walk] = []
        for first in stride(from: 0, to: frontier.count, by: Self.batch) {
          try Task.checkCancellation()
          let batch = Array(frontier[first..<min(first + Self.batch, frontier.count)])
          next += try await longer(batch, pattern, step, part)
          if next.count > 1_000_000 {
            throw pattern.place.error(
              "there are more than a million paths of \(depth) edges here; give the length an end")
          }
        }

        frontier = next
        // Walks go round for ever; what has been reached often enough by all needs no more.
        if part.mode == .walk, end == nil,
          frontier.allSatisfy({ walk in
            taken[ObjectIdentifier(walk.node)].map { byGroups ? $0.lengths >= count : $0.count >= count }
              ?? false
          })
        {
          break
        }
      }
    }
    return true
  }

  /// The shortest walks to each node that may be the end: breadth first, level by level.
  func walkShortest(
    _ part: PatternPart, _ step: Step, _ states: [State], isAll: Bool, emit: @escaping Emit
  ) async throws -> Bool {
    let pattern = part.edges[step.edge]
    let length = pattern.length ?? 1...1
    for state in states {
      guard let (start, end) = try await ends(of: step, part, state) else { continue }
      let mayEndAtStart = end == nil || end === start
      if length.lowerBound == 0, mayEndAtStart,
        try await !finish([Walk(state: state, node: start)], part, step, emit)
      {
        return false
      }
      // Back to the start leads another way: what is shortest to any other node is no cycle, and a shorter part of one.
      let isRound = mayEndAtStart && length.lowerBound > 0 && !part.isFunction && part.mode != .acyclic
      if isRound, try await !walkRound(part, step, state, from: start, isAll: isAll, emit: emit) {
        return false
      }
      if end === start { continue }
      if let end, isPlain(pattern, state, part) {
        let walks = try await shortest(part, step, state, to: end, isAll: isAll)
        if !walks.isEmpty, try await !finish(walks, part, step, emit) { return false }
        continue
      }
      var seen: Set<ObjectIdentifier> = [ObjectIdentifier(start)]
      var frontier = [Walk(state: state, node: start)]
      var depth = 0
      while !frontier.isEmpty, depth < length.upperBound {
        try Task.checkCancellation()
        depth += 1
        var next: [Walk] = []
        var arrived: Set<ObjectIdentifier> = []
        for first in stride(from: 0, to: frontier.count, by: Self.batch) {
          let batch = Array(frontier[first..<min(first + Self.batch, frontier.count)])
          for (walk, found) in zip(batch, try await steps(from: batch.map(\.node), pattern, step, part)) {
            for (edge, node) in found
            where !seen.contains(ObjectIdentifier(node))
              && (isAll || !arrived.contains(ObjectIdentifier(node)))
            {
              guard try await admits(edge, pattern, state.row) else { continue }
              arrived.insert(ObjectIdentifier(node))
              next.append(walk.extended(along: edge, to: node))
            }
          }
        }
        seen.formUnion(arrived)
        if depth >= length.lowerBound {
          let done = end.map { end in next.filter { $0.node === end } } ?? next
          if try await !finish(done, part, step, emit) { return false }
          if end != nil, !done.isEmpty { break }
        }
        frontier = next
      }
    }
    return true
  }
}

extension PatternPart.Selector {
  /// How many paths, or lengths of paths, between two nodes it wants; `nil` for all.
  var ranks: (count: Int, byGroups: Bool)? {
    switch self {
    case .all, .cheapest: nil
    case .shortest(let isAll): (1, isAll)
    case .ranked(let count, let byGroups): (count, byGroups)
    }
  }

  /// Whether it wants the path that comes as this one, counted from 1, and is of this many-th length between its ends.
  func wants(_ number: Int, ofLength length: Int) -> Bool {
    switch self {
    case .all: true
    case .cheapest(let count): number <= count
    case .shortest(let isAll): isAll ? length == 1 : number == 1
    case .ranked(let count, let byGroups): byGroups ? length <= count : number <= count
    }
  }
}
