/// Records in key order, read page by page and continued after the last key, so that writers in between cause neither
/// a skip nor a repeat.
public struct RecordSequence: AsyncSequence, Sendable {
  private let page: @Sendable (_ after: String?, _ limit: Int) async throws -> [Record]
  private let pageSize: Int

  /// - Parameter pageSize: how many records a request asks for at most; at least 1.
  /// - Parameter page: reads at most so many records whose keys come after the one given.
  public init(
    pageSize: Int = 1000, page: @escaping @Sendable (_ after: String?, _ limit: Int) async throws -> [Record]
  ) {
    self.page = page
    self.pageSize = Swift.max(pageSize, 1)
  }

  public struct AsyncIterator: AsyncIteratorProtocol {
    let sequence: RecordSequence
    private var records: ArraySlice<Record> = []
    private var last: String?
    private var isAtEnd = false
    // The first page is small: the first records are out before the last are read.
    private var limit: Int

    init(_ sequence: RecordSequence) {
      self.sequence = sequence
      limit = Swift.min(100, sequence.pageSize)
    }

    public mutating func next() async throws -> Record? { try await next(isolation: nil) }

    /// The same, on the caller's actor: a change of threads for each element would cost more than the element.
    public mutating func next(isolation actor: isolated (any Actor)?) async throws -> Record? {
      if records.isEmpty, !isAtEnd {
        records = try await sequence.page(last, limit)[...]
        isAtEnd = records.count < limit
        last = records.last?.key
        limit = sequence.pageSize
      }
      return records.popFirst()
    }
  }

  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(self) }
}

extension Store {
  /// The records of a selection one by one, in key order.
  public func sequence(of selection: Selection, pageSize: Int = 1000) -> RecordSequence {
    RecordSequence(pageSize: pageSize) { after, limit in
      try await records(selection, page: Page(after: after, limit: limit))
    }
  }
}
