import KV
import Synchronization

/// A whole graph in a file, in flat arrays, that follows the database's stream: what reads the whole graph asks the database only for what has changed
/// since.
///
/// It is good for one database, by its `GraphStore.databaseID(creating:)`, and one point of its stream: the changes up to there have to be the same, and
/// those behind it without a gap. Where it does not fit, is damaged, or too much has changed, the graph is read from the database, and the file made
/// anew. It is written under another name and renamed, so that it is whole or not there. What was read once stays in memory as long as the value
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
    var (kept, contents) = (kept, kept.contents)
    guard try await graph.store.databaseID(creating: false) == contents.databaseID else { return nil }
    let entries = try await graph.store.stream(
      from: contents.anchors.first, limit: Self.mostChanges + contents.anchors.count + 1, type: nil)
    guard let known = contents.anchors.length(of: entries) else { return nil }
    let changed = entries[known...]
    if changed.count > Self.mostChanges { return nil }
    if !changed.isEmpty {
      var changes = SnapshotChanges(contents.adjacency)
      for (entry, sequence) in zip(changed, (contents.anchors.last + 1)...) {
        guard entry.sequence == sequence, changes.apply(entry) else { return nil }
      }
      if !changes.isEmpty { contents.adjacency = changes.adjacency(UndirectedTypes(contents.undirected)) }
      contents.anchors.add(changed)
    }
    // What has been written and is not told yet is in the database already.
    guard try await graph.store.streamSequence() == contents.anchors.last else { return nil }
    if contents.anchors.last - kept.written > Self.keptChanges {
      do {
        try file.write(contents)
        kept.written = contents.anchors.last
      } catch {
        onFailure(error.message)
      }
    }
    kept.contents = contents
    memory.keep(kept)
    return Reading(
      adjacency: contents.adjacency, origin: .snapshot(changes: changed.count), sequence: kept.written)
  }

  /// Reads the graph from the database, and writes the file unless somebody else has written meanwhile.
  private func make(_ graph: Graph, _ progress: (Int) -> Void) async throws -> Reading {
    let sequence = try await graph.store.streamSequence()
    let before = try await graph.store.stream(
      from: max(sequence - SnapshotAnchors.most + 1, 0), limit: SnapshotAnchors.most, type: nil)
    let adjacency = try await Adjacency(reading: graph, TraversalOptions(nodeBudget: .max), nil, progress)
    var reading = Reading(adjacency: adjacency, origin: .database)
    guard adjacency.edgeCount >= leastEdges, let anchors = SnapshotAnchors(before), anchors.last == sequence
    else { return reading }
    let after = try await graph.store.stream(from: sequence, limit: 2, type: nil)
    guard after.count == 1, after.first == before.last,
      try await graph.store.streamSequence() == sequence
    else { return reading }
    do {
      guard let id = try await graph.store.databaseID(creating: true) else { return reading }
      let contents = SnapshotContents(
        databaseID: id, anchors: anchors, undirected: try await graph.undirectedTypeNames,
        adjacency: adjacency)
      try file.write(contents)
      reading.sequence = sequence
      memory.keep(Kept(contents))
    } catch let error as KVError {
      // A database that may only be read has no name to write into the file.
      onFailure(error.message)
    }
    return reading
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

  init(_ contents: SnapshotContents) { (self.contents, written) = (contents, contents.anchors.last) }
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
