import KV
import Synchronization

/// A whole graph in a file, in flat arrays, that follows the database's stream: what reads the whole graph asks the database only for what has changed
/// since.
///
/// It is good for one database and one history of it, which knows the mark that the file has got (`GraphStore.mark(_:replacing:)`), and one point of its
/// stream, behind which no change may be missing. Where it does not fit, is damaged, or too much has changed, the graph is read from the database, and
/// the file made anew. It is written under another name and renamed, so that it is whole or not there. What was read once stays in memory as long as the value
/// and its copies are there, and follows the stream as the file does.
public struct GraphSnapshot: Sendable {
  /// Where an adjacency has come from.
  public enum Origin: Sendable, Equatable {
    /// From the file, or what was read before, and so many changes since.
    case snapshot(changes: Int)
    /// From the database.
    case database
  }

  /// A graph that was read.
  public struct Reading: Sendable {
    /// The graph as it is now.
    public var adjacency: Adjacency
    /// Where it has come from.
    public var origin: Origin
    /// The last change that is in the file now; `nil` where there is no file that fits.
    public var sequence: Int?
  }

  private let file: SnapshotFile
  /// Told why the file could not be written, where it was to be; the graph is read all the same.
  public var onFailure: @Sendable (String) -> Void = { _ in }
  /// Of graphs with fewer edges no file is made, but one that is there is used.
  public var leastEdges = Self.worthwhile
  /// From how many edges on a file is made by itself.
  public static let worthwhile = 10_000
  private let memory = Memory()

  /// Where more has changed, the graph is read anew.
  private static let mostChanges = 5000
  /// Where more has changed, the file is written anew.
  private static let keptChanges = 1500

  /// A snapshot in a file, which need not be there.
  /// - Parameter path: its folder is there.
  public init(path: String) { self.init(path: Array(path.utf8)) }

  /// A snapshot in a file, which need not be there.
  /// - Parameter path: the bytes of a path whose folder is there.
  public init(path: [UInt8]) { file = SnapshotFile(path: path) }

  /// Where the file is, for people.
  public var path: String { file.name }

  /// The whole graph: from the file and what has changed since, or from the database.
  ///
  /// Cost: with a file that fits, three small requests, and time by the number of nodes and edges; else that of ``Adjacency``.
  /// - Parameters:
  ///   - graph: the graph of the database that the file belongs to.
  ///   - renewing: whether the file is made anew in any case.
  ///   - progress: told from time to time how many edges have been read from the database.
  public func read(
    _ graph: Graph, renewing: Bool = false, progress: (Int) -> Void = { _ in }
  ) async throws -> Reading {
    do {
      if !renewing, let reading = try await known(graph) { return reading }
      return try await make(graph, progress)
    } catch let error as KVError where error.reason == .accessDenied {
      // Who may read the graph may not be let see the stream.
      onFailure(error.message)
      let adjacency = try await Adjacency(reading: graph, TraversalOptions(nodeBudget: .max), nil, progress)
      return Reading(adjacency: adjacency, origin: .database)
    }
  }

  /// The whole graph from the file and what has changed since; `nil` where the file is not there or does not fit.
  public func current(_ graph: Graph) async throws -> Adjacency? {
    do {
      return try await known(graph)?.adjacency
    } catch let error as KVError where error.reason == .accessDenied {
      return nil
    }
  }

  /// From how many edges on a search asks for the whole graph and not for its edges one by one.
  var nearEdges: Int { memory.kept == nil ? 1000 : 200 }

  /// Whether the file is there and what it says is what the database holds, which is read.
  ///
  /// Throws not found where there is no file, and failed where it does not fit.
  public func check(_ graph: Graph) async throws {
    guard try file.isThere() else { throw KVError(.notFound, "there is no snapshot \(path)") }
    guard let contents = file.read() else { throw KVError(.failed, "the snapshot \(path) is damaged") }
    guard let reading = try await current(Kept(contents), in: graph) else {
      throw KVError(
        .failed,
        "the snapshot \(path) is of another database, or of another time of it, or what has changed since is not told by the stream alone"
      )
    }
    let fresh = try await Adjacency(reading: graph)
    guard reading.adjacency.isSame(as: fresh) else {
      throw KVError(.failed, "the snapshot \(path) is not what the database holds")
    }
  }

  /// Deletes the file.
  ///
  /// Throws failed where it cannot be deleted, or is no snapshot.
  /// - Returns: whether it was there.
  public func drop() throws -> Bool {
    memory.keep(nil)
    return try file.delete()
  }

  // MARK: reading

  private func known(_ graph: Graph) async throws -> Reading? {
    if let kept = memory.kept, let reading = try await current(kept, in: graph) { return reading }
    guard let contents = file.read() else { return nil }
    return try await current(Kept(contents), in: graph)
  }

  /// `nil` where what is kept is not to be trusted.
  private func current(_ kept: Kept, in graph: Graph) async throws -> Reading? {
    let limit = Self.mostChanges + 2
    guard let changes = try await graph.store.graphChanges(since: kept.contents.copy, limit: limit),
      changes.settled.count + changes.unsettled.count <= Self.mostChanges,
      var contents = kept.contents.applying(changes.settled)
    else { return nil }
    var kept = kept
    if contents.copy.sequence - kept.written > Self.keptChanges, await write(&contents, in: graph) {
      kept.written = contents.copy.sequence
    }
    kept.contents = contents
    memory.keep(kept)
    // Those are in this answer; what is kept goes on from where nothing can come in between.
    guard let now = contents.applying(changes.unsettled) else { return nil }
    return Reading(
      adjacency: now.adjacency,
      origin: .snapshot(changes: changes.settled.count + changes.unsettled.count), sequence: kept.written)
  }

  /// Reads the graph from the database, and writes the file unless somebody else has written meanwhile.
  private func make(_ graph: Graph, _ progress: (Int) -> Void) async throws -> Reading {
    let position = try await graph.store.graphPosition()
    let adjacency = try await Adjacency(reading: graph, TraversalOptions(nodeBudget: .max), nil, progress)
    var reading = Reading(adjacency: adjacency, origin: .database)
    guard adjacency.edgeCount >= leastEdges, let position else { return reading }
    do {
      guard let id = try await graph.store.databaseID(creating: true) else { return reading }
      var contents = SnapshotContents(
        copy: GraphCopy(databaseID: id, mark: "", sequence: position),
        undirected: try await graph.undirectedTypeNames, adjacency: adjacency)
      // A table that is emptied as a whole takes the name that was there before, and tells no change.
      if adjacency.edgeCount > 0, try await graph.store.edges(EdgeQuery(.all, limit: 1)).isEmpty {
        return reading
      }
      guard try await graph.store.graphPosition() == position, await write(&contents, in: graph) else {
        return reading
      }
      reading.sequence = position
      memory.keep(Kept(contents))
    } catch let error as KVError {
      // A database that may only be read has no name to write into the file.
      onFailure(error.message)
    }
    return reading
  }

  /// Writes the file, with a mark that the database knows. Tells where that cannot be.
  private func write(_ contents: inout SnapshotContents, in graph: Graph) async -> Bool {
    let before = contents.copy.mark
    let mark = (0..<2).map { _ in String(UInt64.random(in: .min ... .max), radix: 36) }.joined(separator: "-")
    do {
      var marked = contents
      marked.copy.mark = mark
      do {
        try await graph.store.mark(marked.copy, replacing: before.isEmpty ? nil : before)
      } catch {
        // Who may not write has a mark where the last change is one by itself.
        guard let creation = try await graph.store.creation(at: contents.copy.sequence) else { throw error }
        marked.copy.mark = creation
      }
      try file.write(marked)
      contents = marked
      return true
    } catch {
      onFailure((error as? KVError)?.message ?? "\(error)")
      return false
    }
  }
}

extension SnapshotContents {
  /// `nil` where the changes do not fit what is known.
  fileprivate func applying(_ changes: [GraphChanges.Change]) -> SnapshotContents? {
    guard let last = changes.last?.sequence else { return self }
    var contents = self
    var known = SnapshotChanges(adjacency)
    for change in changes where !known.apply(change) { return nil }
    if !known.isEmpty { contents.adjacency = known.adjacency(UndirectedTypes(undirected)) }
    contents.copy.sequence = last
    return contents
  }
}

/// What a process has read, so that it reads the file once.
private final class Memory: Sendable {
  private let state = Mutex<Kept?>(nil)

  var kept: Kept? { state.withLock { $0 } }
  func keep(_ kept: Kept?) { state.withLock { $0 = kept } }
}

private struct Kept {
  var contents: SnapshotContents
  /// The last change that is in the file.
  var written: Int

  init(_ contents: SnapshotContents) { (self.contents, written) = (contents, contents.copy.sequence) }
}

extension Adjacency {
  /// Whether both are the same graph, to the last edge.
  func isSame(as other: Adjacency) -> Bool {
    guard names.bytes == other.names.bytes, names.ends == other.names.ends, isRecorded == other.isRecorded,
      offsets == other.offsets, targets == other.targets, arcLabels.count == other.arcLabels.count
    else { return false }
    // Labels may be numbered otherwise.
    return zip(arcLabels, other.arcLabels).allSatisfy { left, right in
      (left >= 0) == (right >= 0)
        && labels[left >= 0 ? left : ~left] == other.labels[right >= 0 ? right : ~right]
    }
  }
}
