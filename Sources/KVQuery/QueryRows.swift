import KV
import KVGraph
import Synchronization

/// A row of an answer.
public struct QueryRow: Sendable {
  /// The names of the columns.
  public let columns: [String]
  /// A value for each column.
  public let values: [Value]

  /// The value of a column; `nil` where there is no such column.
  public subscript(column: String) -> Value? {
    zip(columns, values).first { $0.0 == column }?.1
  }

  /// The row as a type whose members are the columns. A node is `{"type","id","labels","properties"}`, an edge
  /// `{"from","to","type","key","properties"}`, a time its text.
  ///
  /// Throws Foundation's `DecodingError`.
  public func decoded<Row: Decodable>(as type: Row.Type = Row.self) throws -> Row {
    try JSON(members: zip(columns, values).map { ($0, $1.decodable) }).decoded()
  }
}

extension Value {
  fileprivate var decodable: JSON {
    switch self {
    case .node(let node): node.json(\.decodable)
    case .edge(let edge): edge.json(\.decodable)
    case .path(let path): JSON(elements: path.nodes.map { $0.json(\.decodable) })
    case .list(let values): JSON(elements: values.map(\.decodable))
    case .map(let members):
      JSON(members: members.map { ($0.name, $0.value.decodable) })
    default: plain
    }
  }
}

/// The rows of a query, found as they are asked for.
///
///     for try await row in graph.query("MATCH (u:User) RETURN u.id AS id, u.name AS name") {
///       let user: User = try row.decoded()
///     }
///
/// Each iterator runs the query; it ends where the iterator is let go. Throws what the query with a closure for its rows throws.
public struct QueryRows: AsyncSequence, Sendable {
  fileprivate let graph: Graph
  fileprivate let text: String
  fileprivate let parameters: Value.Members
  fileprivate let isWriting: Bool

  /// Where an iteration stands.
  public struct AsyncIterator: AsyncIteratorProtocol {
    private let run: QueryRun

    fileprivate init(_ rows: QueryRows) { run = QueryRun(rows) }

    /// The next row, or `nil` at the end.
    public mutating func next() async throws -> QueryRow? { try await run.next() }
  }

  /// Runs the query.
  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(self) }
}

extension Graph {
  /// The rows of a query, as a sequence.
  /// - Parameters:
  ///   - text: the query.
  ///   - parameters: the values of `$name`.
  ///   - isWriting: whether it may change the graph.
  public func query(_ text: String, parameters: Value.Members = [:], isWriting: Bool = false) -> QueryRows {
    QueryRows(graph: self, text: text, parameters: parameters, isWriting: isWriting)
  }
}

/// A query that runs in a task of its own, some rows ahead of who reads them.
private final class QueryRun: Sendable {
  private let rows: RowBuffer
  private let task: Task<Void, Never>

  init(_ query: QueryRows) {
    let rows = RowBuffer()
    self.rows = rows
    task = Task {
      let columns = Mutex<[String]>([])
      do {
        try await query.graph.query(
          query.text, parameters: query.parameters, isWriting: query.isWriting,
          columns: { names in columns.withLock { $0 = names } },
          row: { values in await rows.add(QueryRow(columns: columns.withLock { $0 }, values: values)) })
        rows.end(nil)
      } catch {
        rows.end(error)
      }
    }
  }

  deinit {
    task.cancel()
    rows.close()
  }

  func next() async throws -> QueryRow? {
    try await withTaskCancellationHandler {
      try await rows.next()
    } onCancel: {
      task.cancel()
      rows.close()
    }
  }
}

/// Rows between a query and who reads them: the one waits while there are many, the other while there are none.
private final class RowBuffer: Sendable {
  private struct State {
    var rows: [QueryRow] = []
    var given = 0
    var isEnded = false
    var isClosed = false
    var error: (any Error)?
    var writer: CheckedContinuation<Void, Never>?
    var reader: CheckedContinuation<Void, Never>?
  }

  private let state = Mutex(State())
  private static let most = 256

  /// - Returns: false where nobody reads any more.
  func add(_ row: QueryRow) async -> Bool {
    let (isFull, reader) = state.withLock { state in
      state.rows.append(row)
      defer { state.reader = nil }
      return (state.rows.count - state.given >= Self.most, state.reader)
    }
    reader?.resume()
    if isFull {
      await withCheckedContinuation { continuation in
        let goesOn = state.withLock { state in
          if state.isClosed || state.rows.count - state.given < Self.most { return true }
          state.writer = continuation
          return false
        }
        if goesOn { continuation.resume() }
      }
    }
    return state.withLock { !$0.isClosed }
  }

  func end(_ error: (any Error)?) {
    let reader = state.withLock { state in
      (state.isEnded, state.error) = (true, error)
      defer { state.reader = nil }
      return state.reader
    }
    reader?.resume()
  }

  func close() {
    let (writer, reader) = state.withLock { state in
      state.isClosed = true
      defer { (state.writer, state.reader) = (nil, nil) }
      return (state.writer, state.reader)
    }
    writer?.resume()
    reader?.resume()
  }

  func next() async throws -> QueryRow? {
    while true {
      let (row, isOver, writer) = try state.withLock { state in
        if state.given < state.rows.count {
          let row = state.rows[state.given]
          state.given += 1
          if state.given == state.rows.count { (state.rows, state.given) = ([], 0) }
          defer { state.writer = nil }
          return (Optional(row), false, state.writer)
        }
        if state.isClosed { throw CancellationError() }
        if state.isEnded, let error = state.error { throw error }
        return (nil, state.isEnded, nil)
      }
      writer?.resume()
      if row != nil || isOver { return row }
      await withCheckedContinuation { continuation in
        let goesOn = state.withLock { state in
          if state.given < state.rows.count || state.isEnded || state.isClosed { return true }
          state.reader = continuation
          return false
        }
        if goesOn { continuation.resume() }
      }
    }
  }
}
