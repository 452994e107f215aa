import Foundation
import KV
import KVGraph
import TestSupport

@testable import KVQuery

/// Runs one scenario of the TCK in a database of its own.
final class TCKRun {
  struct Failure: Error, CustomStringConvertible { var description: String }
  /// Why a scenario says nothing of kv.
  struct Skipped: Error {}

  private let graph: Graph
  private let graphs: URL
  private var parameters: Value.Members = [:]
  private var columns: [String] = []
  private var rows: [[TCKValue]] = []
  private var error: (any Error)?
  private var before = Contents()

  /// What the graph holds, each thing as a text of its own.
  private struct Contents {
    var nodes: Set<String> = []
    var edges: Set<String> = []
    var labels: Set<String> = []
    var properties: Set<String> = []
  }

  /// - Parameter graphs: the folder of the graphs that scenarios name.
  init(graphs: URL) async throws {
    graph = Graph(try await TestBackend.sqlite.store())
    self.graphs = graphs
  }

  func run(_ scenario: GherkinScenario) async throws {
    for step in scenario.steps { try await run(step) }
    if let error { throw error }
  }

  private func run(_ step: GherkinScenario.Step) async throws {
    switch step.text {
    case "an empty graph", "any graph": break
    case "having executed:": _ = try await ask(step.document ?? "")
    case "parameters are:":
      for row in step.table { parameters[row[0]] = try TCKNotation.value(of: row[1]).parameter }
    case "executing query:", "executing control query:":
      if let error { throw error }
      before = try await contents()
      do {
        (columns, rows) = try await ask(step.document ?? "")
      } catch {
        self.error = error
      }
    case "the result should be empty":
      if let error { throw error }
      if !rows.isEmpty { throw Failure(description: "rows, where none are expected: \(rows)") }
    case "no side effects": try await expectEffects([:])
    case "the side effects should be:":
      try await expectEffects(
        Dictionary(step.table.map { ($0[0], Int($0[1]) ?? 0) }) { first, _ in first })
    case let text where text.hasPrefix("the result should be"):
      try expectRows(
        step.table, inOrder: text.contains("in order"), ignoringLists: text.contains("ignoring element order")
      )
    case let text where text.contains(" should be raised at "):
      guard let error else { throw Failure(description: "no error, but rows: \(rows)") }
      guard error is KVError else { throw error }
      self.error = nil
      try await expectEffects([:])
    case let text where text.hasPrefix("there exists a procedure"): throw Skipped()
    case let text where text.hasPrefix("the ") && text.hasSuffix(" graph"):
      let name = String(text.dropFirst(4).dropLast(6))
      let script = graphs.appending(path: "\(name)/\(name).cypher")
      for statement in try String(contentsOf: script, encoding: .utf8).split(separator: ";") {
        if !statement.allSatisfy(\.isWhitespace) { _ = try await ask(String(statement)) }
      }
    default: throw Failure(description: "no such step: \(step.text)")
    }
  }

  private func ask(_ text: String) async throws -> (columns: [String], rows: [[TCKValue]]) {
    let found = Found()
    try await graph.query(
      text, parameters: parameters, isWriting: true, columns: { found.columns = $0 },
      row: { values in
        found.rows.append(values.map { TCKValue($0) })
        return true
      })
    return (found.columns, found.rows)
  }

  /// Filled and read by one query's task.
  private final class Found: @unchecked Sendable {
    var columns: [String] = []
    var rows: [[TCKValue]] = []
  }

  private func expectRows(_ table: [[String]], inOrder: Bool, ignoringLists: Bool) throws {
    if let error { throw error }
    guard let names = table.first, names.sorted() == columns.sorted() else {
      throw Failure(description: "columns \(columns)")
    }
    let places = names.compactMap { columns.firstIndex(of: $0) }
    var found = rows.map { row in key(places.map { row[$0] }, ignoringLists) }
    var expected = try table.dropFirst().map { row in
      key(try row.map { try TCKNotation.value(of: $0) }, ignoringLists)
    }
    if !inOrder { (found, expected) = (found.sorted(), expected.sorted()) }
    if found != expected { throw Failure(description: "found \(found), expected \(expected)") }
  }

  /// Values as a text that is the same for equal ones: maps and sets have no order of their own.
  private func key(_ values: [TCKValue], _ ignoringLists: Bool) -> String {
    (ignoringLists ? values.map(\.sorted) : values).map(\.key).joined(separator: " | ")
  }

  private func contents() async throws -> Contents {
    let contents = Box()
    func note(_ name: String, _ properties: Value.Members) {
      for (property, value) in properties {
        contents.value.properties.insert("\(name) \(property) \(TCKValue(value).key)")
      }
    }
    try await graph.query("MATCH (n) RETURN n") { values in
      guard case .node(let node) = values[0] else { return true }
      contents.value.nodes.insert("\(node.reference)")
      contents.value.labels.formUnion(node.labels)
      note("\(node.reference)", node.properties)
      return true
    }
    try await graph.query("MATCH ()-[r]->() RETURN r") { values in
      guard case .edge(let edge) = values[0] else { return true }
      contents.value.edges.insert(edge.key)
      note(edge.key, edge.properties ?? [:])
      return true
    }
    return contents.value
  }

  private final class Box: @unchecked Sendable { var value = Contents() }

  private func expectEffects(_ expected: [String: Int]) async throws {
    if let error { throw error }
    let after = try await contents()
    for (name, before, after) in [
      ("nodes", before.nodes, after.nodes), ("relationships", before.edges, after.edges),
      ("labels", before.labels, after.labels), ("properties", before.properties, after.properties),
    ] {
      for (sign, count) in [("+", after.subtracting(before).count), ("-", before.subtracting(after).count)]
      where count != expected[sign + name] ?? 0 {
        // An edge that is made again where one was deleted has its key.
        let isHidden = name == "relationships" || name == "properties"
        if isHidden, count < expected[sign + name] ?? 0, expected["-relationships"] ?? 0 > 0 { continue }
        throw Failure(description: "\(count) \(sign)\(name), expected \(expected[sign + name] ?? 0)")
      }
    }
  }
}

extension TCKValue {
  /// The same text for equal values.
  fileprivate var key: String {
    func text(_ members: [String: TCKValue]) -> String {
      "{" + members.sorted { $0.key < $1.key }.map { "\($0): \($1.key)" }.joined(separator: ", ") + "}"
    }
    return switch self {
    case .list(let values): "[" + values.map(\.key).joined(separator: ", ") + "]"
    case .map(let members): text(members)
    case .node(let labels, let properties): "(\(labels.sorted()) \(text(properties)))"
    case .edge(let type, let properties): "[\(type) \(text(properties))]"
    case .path(let nodes, let edges, let isForward):
      "<\(nodes.map(\.key)) \(edges.map(\.key)) \(isForward)>"
    default: "\(self)"
    }
  }
}
