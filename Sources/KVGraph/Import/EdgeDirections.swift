import KV

/// Decides which of the types that a file's edges have are undirected.
///
/// A type has one direction for all its edges. So a type becomes undirected by an import only where it is new, and all of its edges in
/// the file are.
struct EdgeDirections {
  /// How the edges of a type are written in a file.
  private struct Written {
    var directed = false
    var undirected = false
  }

  /// Those that the database declares, and those that have edges there; the latter `nil` where nobody has looked.
  var declared: UndirectedTypes
  var stored: Set<ByteKey>?
  /// Types of which files before it had directed edges.
  private var directedBefore: Set<ByteKey> = []
  /// By type, in bytes, from a survey; `nil` before one.
  private var survey: [ByteKey: Written]?
  private var decided: [ByteKey: Bool] = [:]
  /// While a survey goes on, the types of edges that say nothing themselves: the graph may say it at its end.
  private var silent: Set<ByteKey> = []
  private var fileIsDirected: Bool?
  /// Whether the edges of a graph that says nothing are directed.
  private var isDirectedBySilence = true
  /// Types of which the file says that they are undirected, whatever it says of others.
  private var undirectedInFile: Set<ByteKey> = []
  private var hasEdges = false
  /// The last answer, and to what.
  private var last: (type: String, says: Bool?, file: Bool?, isUndirected: Bool)?
  /// The types to be declared, in the order in which they came.
  private(set) var newTypes: [String] = []

  init(declared: UndirectedTypes, stored: Set<ByteKey>?) {
    self.declared = declared
    self.stored = stored
  }

  /// What the file says of all its edges. Throws ``SurveyNeeded`` where edges came before.
  mutating func setFile(isDirected: Bool) throws {
    if hasEdges, fileIsDirected ?? isDirectedBySilence != isDirected, survey == nil {
      throw SurveyNeeded()
    }
    fileIsDirected = isDirected
  }

  /// Whether the edge is stored as undirected.
  /// - Parameter note: told of a type that is not what the file says.
  mutating func isUndirected(_ type: String, edgeIsDirected: Bool?, note: (ImportNote) -> Void) throws -> Bool
  {
    hasEdges = true
    // Edges of one type mostly stand together.
    if let last, last.type.hasSameBytes(as: type), last.says == edgeIsDirected,
      last.file == fileIsDirected
    {
      return last.isUndirected
    }
    let isUndirected = try isUndirectedAnew(type, edgeIsDirected, note)
    last = (type, edgeIsDirected, fileIsDirected, isUndirected)
    return isUndirected
  }

  private mutating func isUndirectedAnew(
    _ type: String, _ edgeIsDirected: Bool?, _ note: (ImportNote) -> Void
  )
    throws -> Bool
  {
    let key = ByteKey(type)
    let says =
      edgeIsDirected
      ?? (undirectedInFile.contains(key) ? false : fileIsDirected ?? (isDirectedBySilence ? nil : false))
    let isWrittenUndirected = says == false
    if let known = decided[key] {
      if known != isWrittenUndirected, survey == nil, !declared.contains(type), says != nil || known {
        throw SurveyNeeded()
      }
      return known
    }
    let isUndirected = try decide(type, key, isWrittenUndirected, says, note)
    decided[key] = isUndirected
    return isUndirected
  }

  private mutating func decide(
    _ type: String, _ key: ByteKey, _ isWrittenUndirected: Bool, _ says: Bool?, _ note: (ImportNote) -> Void
  ) throws -> Bool {
    let name = JSON(type).text
    if declared.contains(type) {
      if says == true {
        note(.other("edges of type \(name) are undirected in the database, and so are these"))
      }
      return true
    }
    let written = survey?[key] ?? Written(directed: !isWrittenUndirected, undirected: isWrittenUndirected)
    guard written.undirected else { return false }
    if written.directed {
      note(.other("some edges of type \(name) are undirected, and others not: all are stored as directed"))
      return false
    }
    if try isDirectedAlready(key) {
      note(.staysDirected(edgeType: type))
      return false
    }
    newTypes.append(type)
    return true
  }

  private func isDirectedAlready(_ type: ByteKey) throws -> Bool {
    if directedBefore.contains(type) { return true }
    guard let stored else { throw SurveyNeeded() }
    return stored.contains(type)
  }

  /// Takes over what a file before it has made of its types.
  mutating func follow(_ before: EdgeDirections) {
    declared = before.declared
    for type in before.newTypes { declared.insert(type) }
    directedBefore = before.directedBefore
    for (type, isUndirected) in before.decided where !isUndirected { directedBefore.insert(type) }
  }

  /// Takes a type as undirected that the file declares so.
  mutating func declare(_ type: String, note: (ImportNote) -> Void) throws {
    undirectedInFile.insert(ByteKey(type))
    last = nil
    _ = try isUndirected(type, edgeIsDirected: false, note: note)
  }

  mutating func survey(fileIsDirected isDirected: Bool) { fileIsDirected = isDirected }

  mutating func survey(_ type: String, edgeIsDirected: Bool?) {
    let key = ByteKey(type)
    var written = survey?[key] ?? Written()
    switch edgeIsDirected ?? (undirectedInFile.contains(key) ? false : fileIsDirected) {
    case true?: written.directed = true
    case false?: written.undirected = true
    case nil: silent.insert(key)
    }
    survey = survey ?? [:]
    survey?[key] = written
  }

  mutating func surveyDeclared(_ type: String) {
    undirectedInFile.insert(ByteKey(type))
    survey(type, edgeIsDirected: false)
  }

  /// Begins with another graph of the file, which has said nothing yet.
  mutating func beginGraph(isDirectedBySilence: Bool) {
    endGraph()
    self.isDirectedBySilence = isDirectedBySilence
    (fileIsDirected, last) = (nil, nil)
  }

  private mutating func endGraph() {
    for type in silent {
      if fileIsDirected ?? isDirectedBySilence {
        survey?[type]?.directed = true
      } else {
        survey?[type]?.undirected = true
      }
    }
    silent = []
  }

  /// Whether an import asks which types have edges in the database: where an edge of the file is undirected.
  var needsStored: Bool { survey?.values.contains(where: \.undirected) ?? false }

  mutating func endSurvey() {
    endGraph()
    survey = survey ?? [:]
    (hasEdges, decided, newTypes, last) = (false, [:], [], nil)
  }
}
