/// Measures what goes into the stage behind it: the rows of the one before, and the time and the requests that are not that one's.
final class MeteredStage: Stage {
  private(set) var rows = 0
  /// In the stages behind.
  private(set) var seconds = 0.0
  private(set) var requests = 0
  private let graph: QueryGraph
  private let next: any Stage

  init(_ graph: QueryGraph, _ next: any Stage) { (self.graph, self.next) = (graph, next) }

  func push(_ rows: [Row]) async throws -> Bool {
    for row in rows {
      let (sum, isOver) = self.rows.addingReportingOverflow(row.times)
      self.rows = isOver ? .max : sum
    }
    return try await measured { try await self.next.push(rows) }
  }

  func finish() async throws { try await measured { try await self.next.finish() } }

  private func measured<Result>(_ body: () async throws -> Result) async throws -> Result {
    let (begin, before) = (ContinuousClock.now, graph.requests)
    defer {
      seconds += (ContinuousClock.now - begin) / .seconds(1)
      requests += graph.requests - before
    }
    return try await body()
  }
}
