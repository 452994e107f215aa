import ArgumentParser
import KV
import KVGraph
import KVGraphView
import KVQuery

struct QueryCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "query", abstract: "Ask the graph in a language that follows openCypher.",
    discussion: """
      MATCH, OPTIONAL MATCH, WHERE, WITH, UNWIND, UNION and RETURN; with --write also CREATE, MERGE, SET, REMOVE and DELETE, in one \
      transaction. Without --write the database is only read. (n:User {id: "alice"}) is read by its key; n.name is an attribute.

      EXAMPLE
        kv graph query 'MATCH (u:User)-[:follows]->(v) RETURN v.id, count(*) AS followers ORDER BY followers DESC LIMIT 10'
        kv graph query 'MATCH (:User {id: $who})-[:follows*1..2]->(v) RETURN DISTINCT v.id' --param 'who="alice"'
        kv graph query 'MATCH p = (:User {id: "alice"})-[:follows*1..2]->() RETURN p' -o around.svg
        kv graph query --write 'MATCH (u:User {id: "bob"}) SET u.seen = true'
      """)

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @Argument(help: "The query; left out: from --file or standard input.") var text: Text?
  @Option(name: [.customShort("f"), .long], help: "A file that holds the query.") var file: FileArgument?
  @Option(help: ArgumentHelp("The value of $NAME, as JSON.", valueName: "name=json")) var param:
    [ParameterArgument] = []
  @Option(help: "A file of parameters: a JSON object.") var params: FileArgument?
  @Flag(help: "Let the query change the graph.") var write = false
  @Flag(help: "Print how the query would run, and do not run it.") var explain = false
  @Flag(help: "Run the query, and print how it ran in place of its rows.") var profile = false
  @Option(
    help: ArgumentHelp(
      "How much memory rows may take that wait: in sorts, groups, DISTINCT and collections.",
      valueName: "size"))
  var memory = ByteCount.gibibytes(1)
  @OptionGroup var answer: AnswerOptions
  @OptionGroup(title: "Picture") var picture: PictureOptions

  func validate() throws {
    if text != nil, file != nil {
      throw ValidationError("the query is said twice: as an argument and by --file")
    }
    if explain, profile { throw ValidationError("--explain does not run the query, and --profile does") }
  }

  @MainActor
  func run() async throws {
    try answer.checkFiles(picture)
    let query = try source()
    let parameters = try parameters()
    let graph = try await database.wholeGraph(for: write ? .write : .onlyRead)
    guard let timeout = picture.timeout else { return try await run(query, parameters, in: graph) }
    let work = Task { @MainActor in try await run(query, parameters, in: graph) }
    // Not on the main actor, which the query holds for as long as it computes.
    let failure = KVError(
      .unavailable,
      "the query took longer than \(timeout.duration.seconds(digits: timeout.duration < .seconds(1) ? 3 : 1)) s; see --timeout"
    )
    let writes = write
    let clock = Task.detached {
      try await Task.sleep(for: timeout.duration)
      work.cancel()
      // One expression may take as long as it likes, such as a match of a text that goes back and forth.
      try await Task.sleep(for: Self.patience)
      if !writes { Output.end(with: failure) }
    }
    defer { clock.cancel() }
    do {
      try await work.value
    } catch is CancellationError where work.isCancelled {
      throw failure
    }
  }

  /// How long a query that is cancelled has to end by itself.
  private static let patience = Duration.milliseconds(500)

  @MainActor
  private func source() throws -> String {
    if let text { return text.value }
    let bytes = if let file, !file.isStandard { try Input.file(file) } else { try Input.all() }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw KVError(.invalidData, "the query is not UTF-8")
    }
    return text
  }

  @MainActor
  private func parameters() throws -> Value.Members {
    var parameters: Value.Members = [:]
    if let params {
      guard let members = try Input.json(from: Input.file(params), named: "\(params)").members else {
        throw KVError(.invalidData, "\(params): parameters are a JSON object")
      }
      for member in members { parameters[member.name] = try parameter(member.name, member.value) }
    }
    for argument in param { parameters[argument.name] = try parameter(argument.name, argument.value()) }
    return parameters
  }

  private func parameter(_ name: String, _ json: JSON) throws -> Value {
    if let number = json.integerBeyond64Bits {
      throw KVError(
        .invalidData, "the parameter \(JSON(name)) holds \(number), which is too large for an integer")
    }
    return Value(parameter: json)
  }

  @MainActor
  private func run(_ query: String, _ parameters: Value.Members, in graph: Graph) async throws {
    if explain {
      return try answer.list.print(
        try await graph.explain(query, parameters: parameters, isWriting: write), as: Self.plan(isRun: false),
        inPipe: .json)
    }
    if profile {
      let summary = try await graph.query(
        query, parameters: parameters, isWriting: write, memoryLimit: memory.bytes, isProfiled: true,
        row: { _ in true })
      return try answer.list.print(summary.profile, as: Self.plan(isRun: true), inPipe: .json)
    }
    let format = try answer.pictureFormat(picture)
    let rows = answer.printsPaths ? QueryRows(answer.list) : nil
    let drawn = DrawnAnswer()
    var isEmpty = true
    // Rows of a query that writes come when it is stored.
    var isStored = false
    do {
      let summary = try await graph.query(
        query, parameters: parameters, isWriting: write, memoryLimit: memory.bytes,
        columns: { rows?.columns = $0 },
        row: { values in
          isStored = write
          isEmpty = isEmpty && values.allSatisfy(\.isOfNothing)
          if format != nil { drawn.graph.insert(values) }
          return try rows?.print(values) ?? true
        })
      isStored = summary.mutations > 0
      try rows?.finish()
      // What it has deleted was there.
      if !Task.isCancelled, !isStored { try await noteMissing(summary, isEmpty: isEmpty, in: graph) }
      if let format { try await draw(drawn.graph, of: graph, as: format) }
    } catch is CancellationError where isStored {
      throw KVError(
        .unavailable,
        "--timeout was over before the answer was drawn; the query is done, and what it wrote is stored")
    } catch var error as KVError where isStored {
      error.message += "; the query is done, and what it wrote is stored"
      throw error
    }
  }

  /// A label, an edge type or an attribute that nothing has is no error, and seldom what was meant.
  private func noteMissing(_ summary: QuerySummary, isEmpty: Bool, in graph: Graph) async throws {
    // What is counted of nothing is a row.
    if summary.rows == 0 || isEmpty && summary.rows == 1 {
      for label in summary.labels { try await graph.noteMissing(label: label) }
      try await graph.noteMissing(edgeTypes: summary.edgeTypes)
    }
    try await Output.flush()
    for (name, similar) in summary.missingAttributes where summary.rows == 0 || isEmpty || !similar.isEmpty {
      let near = similar.first.map { "; did you mean \(JSON($0))?" } ?? ""
      Output.note("kv: no node or edge that was looked at has the attribute \(JSON(name))\(near)")
    }
  }

  /// The steps of a query; with what they took where it has run.
  private static func plan(isRun: Bool) -> Listing<QueryStep> {
    @Sendable func number(_ value: Int?) -> JSON { value.map { JSON($0) } ?? .null }
    return Listing(
      header: ["clause", "action"] + (isRun ? ["rows", "requests", "seconds"] : ["estimate"]),
      json: { step in
        JSON(
          members: [
            ("clause", JSON(step.clause)), ("action", JSON(step.action)), ("estimate", number(step.estimate)),
          ]
            + (isRun
              ? [
                ("rows", number(step.rows)), ("requests", number(step.requests)),
                ("seconds", step.seconds.map { JSON($0) } ?? .null),
              ] : []))
      },
      row: { step in
        func cell(_ value: Int?) -> Cell { value.map { .number($0) } ?? .text("") }
        return [.text(step.clause), .text(step.action)]
          + (isRun
            ? [
              cell(step.rows), cell(step.requests),
              .text(step.seconds.map { Duration.seconds($0).seconds(digits: 4) } ?? ""),
            ] : [cell(step.estimate)])
      })
  }

  @MainActor
  private func draw(_ answer: AnswerGraph, of graph: Graph, as format: PictureFormat) async throws {
    if answer.isEmpty {
      throw KVError(.notFound, "there is nothing to draw: the answer holds no node, edge or path")
    }
    let excerpt = GraphExcerpt(edges: answer.edges, otherNodes: answer.nodes)
    let drawing = try await picture.drawing(
      of: excerpt, in: graph, as: format, limit: excerpt.edges.count, highlights: Highlights())
    try await picture.draw(
      drawing, as: format, to: self.answer.pictureFile, colors: self.answer.color.isOn, limitedBy: nil)
  }
}

/// What a query's rows hold that can be drawn.
@MainActor
private final class DrawnAnswer {
  var graph = AnswerGraph()
}

/// Prints the rows of a query: JSON is `{"columns":[…],"rows":[[…],…]}`, and the other forms are those of a list.
@MainActor
private final class QueryRows {
  var columns: [String] = []
  private let output: ListOptions
  private let isJSON: Bool
  private var document: [JSON] = []
  /// Made when the columns are known.
  private lazy var printer = output.printer(for: listing(), inPipe: .jsonl)
  private var isBegun = false

  init(_ output: ListOptions) {
    self.output = output
    isJSON = (output.chosen ?? (Output.isTerminal ? .table : .json)) == .json
  }

  private func listing() -> Listing<[Value]> {
    let columns = columns
    return Listing(
      header: columns, names: columns,
      json: { values in JSON(members: Array(zip(columns, values.map { $0.plain }))) },
      row: {
        $0.map { value in
          if case .integer(let number) = value {
            .number(number)
          } else {
            .text(value.isNull ? "" : "\(value)")
          }
        }
      },
      text: { $0.map { "\($0)" }.joined(separator: "  ") })
  }

  func print(_ values: [Value]) throws -> Bool {
    guard isJSON else {
      return try printer.print(values)
    }
    let row = JSON(elements: values.map(\.json))
    if output.hasFile {
      document.append(row)
    } else {
      try begin()
      try Output.document((isBegun ? ",\n  " : "\n  ") + row.text, terminator: "")
      isBegun = true
    }
    return true
  }

  private func begin() throws {
    guard !isBegun else { return }
    try Output.document(
      "{\"columns\":\(JSON(elements: columns.map { JSON($0) }).text),\"rows\":[", terminator: "")
  }

  func finish() throws {
    guard isJSON else {
      return try printer.finish()
    }
    if output.hasFile {
      let whole = JSON(members: [
        ("columns", JSON(elements: columns.map { JSON($0) })), ("rows", JSON(elements: document)),
      ])
      let listing = Listing<JSON>(header: [], json: { $0 }, row: { _ in [] })
      return try output.print(whole, as: listing, inPipe: .json, onTerminal: .json)
    }
    try begin()
    try Output.document(isBegun ? "\n]}\n" : "]}\n", terminator: "")
  }
}

/// `name=JSON`.
struct ParameterArgument: ExpressibleByArgument {
  var name: String
  private var content: String

  init?(argument: String) {
    guard let text = Text(argument: argument)?.value, let sign = text.firstIndex(of: "=") else { return nil }
    name = String(text[..<sign])
    content = String(text[text.index(after: sign)...])
    if name.isEmpty { return nil }
  }

  func value() throws -> JSON {
    guard let value = try? JSON(parsing: content) else {
      throw ValidationError(
        "the parameter \(JSON(name)) is no JSON; a text stands in quotes: --param \("\(name)=\(JSON(content).text)".quotedForShell)"
      )
    }
    return value
  }
}

extension JSON {
  /// The first whole number in it that no integer of 64 bits is.
  fileprivate var integerBeyond64Bits: String? {
    switch kind {
    case .number: Int(text) == nil && text.allSatisfy { $0.isNumber || $0 == "-" } ? text : nil
    case .array: elements?.lazy.compactMap(\.integerBeyond64Bits).first
    case .object: members?.lazy.compactMap(\.value.integerBeyond64Bits).first
    case .string, .boolean, .null: nil
    }
  }
}

extension Value {
  /// Whether it is what an aggregation gives of no rows.
  fileprivate var isOfNothing: Bool {
    switch self {
    case .null, .integer(0): true
    case .list(let values): values.isEmpty
    default: false
    }
  }
}
