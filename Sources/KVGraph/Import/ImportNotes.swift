import KV

/// What was taken otherwise than it stands in a file, or was not taken in.
public enum ImportNote: Sendable, Equatable {
  /// Nodes of the file name no type, and are of this one.
  case nodesWithoutType(takenAs: String)
  /// Edges of the file name no type, and are of this one.
  case edgesWithoutType(takenAs: String)
  /// The file's edges of the type are undirected; those of the database are directed, and so all stay.
  case staysDirected(edgeType: String)
  /// What the file holds and the graph has no place for.
  case notTakenIn([String])
  /// Anything else, as a line for people.
  case other(String)
}

extension ImportNote: CustomStringConvertible {
  /// A line for people.
  public var description: String {
    switch self {
    case .nodesWithoutType(let type): "nodes name no type and are taken as \(type)"
    case .edgesWithoutType(let type): "edges name no type and are taken as \(type)"
    case .staysDirected(let type): "edges of type \(JSON(type)) stay directed, as those in the database are"
    case .notTakenIn(let names): "not taken in: \(names.joined(separator: ", "))"
    case .other(let text): text
    }
  }
}

/// What an import did that a file did not ask for: said once each.
struct ImportNotes {
  private var ignored: [(name: String, count: Int)] = []
  private var places: [ByteKey: Int] = [:]
  private var others: [ImportNote] = []
  private var known: Set<ByteKey> = []

  mutating func ignore(_ name: String) {
    let bytes = ByteKey(name)
    if let place = places[bytes] {
      ignored[place].count += 1
    } else if places.count < 1000 {
      places[bytes] = ignored.count
      ignored.append((name, 1))
    }
  }

  mutating func note(_ note: ImportNote) {
    if known.count < 1000, known.insert(ByteKey(note.description)).inserted { others.append(note) }
  }

  var all: [ImportNote] {
    if ignored.isEmpty { return others }
    let names = ignored.map { $0.count == 1 ? $0.name : "\($0.name) (\($0.count) times)" }
    return others + [.notTakenIn(names)]
  }
}
