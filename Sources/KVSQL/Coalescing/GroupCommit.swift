import KV

/// Lets the writes of one process that wait at the same time share a transaction, and so a commit.
///
/// Each is still all or nothing with a result of its own: where the database refuses a statement, the writes before it
/// and those after it are run again without the one it belongs to, which is run by itself.
struct GroupCommit: Sendable {
  typealias Statements = [SQLStatement]
  typealias Outcomes = [SQLOutcome]
  private typealias Write = RequestCoalescer<Statements, Outcomes>.Waiting

  /// A transaction that grew without end would keep other processes waiting.
  private static let maximumStatements = 1000

  private let writes: RequestCoalescer<Statements, Outcomes>

  init(run: @escaping @Sendable (Statements) async throws -> Outcomes) {
    writes = RequestCoalescer(
      fitting: Self.fitting, alone: run, together: { await Self.run($0[...], with: run) })
  }

  func write(_ statements: Statements) async throws -> Outcomes { try await writes.answer(statements) }

  /// How many of the writes fit one transaction.
  @Sendable
  private static func fitting(_ writes: [Write]) -> Int {
    var statements = 0
    let fitting = writes.prefix { write in
      statements += write.request.count
      return statements <= maximumStatements
    }
    return max(fitting.count, 1)
  }

  private static func run(
    _ writes: ArraySlice<Write>, with run: @Sendable (Statements) async throws -> Outcomes
  ) async {
    guard let first = writes.first else { return }
    do {
      var outcomes = try await run(writes.flatMap(\.request))[...]
      for write in writes {
        write.continuation.resume(returning: Array(outcomes.prefix(write.request.count)))
        outcomes = outcomes.dropFirst(write.request.count)
      }
    } catch let refusal as SQLRefusal where writes.count > 1 && refusal.kept == 0 {
      var end = 0
      let refused =
        writes.firstIndex { write in
          end += write.request.count
          return refusal.statement < end
        } ?? writes.startIndex
      await Self.run(writes[..<refused], with: run)
      await Self.run(writes[refused...refused], with: run)
      await Self.run(writes[(refused + 1)...], with: run)
    } catch {
      if writes.count == 1 { return first.continuation.resume(throwing: error) }
      for write in writes { write.continuation.resume(throwing: error) }
    }
  }
}
