import KV
import KVGraph
import KVQuery

extension Graph {
  /// What to say where no node was found of a type: that there is none, and which types there are. `nil` where there are such nodes.
  func words(onNodeType type: String) async throws -> String? {
    let types = try await nodeTypes()
    if types.hasBytes(of: type) { return nil }
    return "no node is of type \(JSON(type))" + namesByLikeness(to: type, among: types).asWhatThereIs
  }

  /// Says that no node has a label, where that is so: none is of the type, and none has it as a further label.
  func noteMissing(label: String) async throws {
    guard let words = try await words(onNodeType: label) else { return }
    let quoted = "`" + label.replacing("`", with: "``") + "`"
    let found = try await query("MATCH (n:\(quoted)) RETURN n LIMIT 1", row: { _ in false })
    if found.rows == 0 { Output.note("kv: \(words)") }
  }

  /// What to say where nothing was found along edges of these types: which of them no edge is of. `nil` for nothing.
  /// - Parameter isCertain: whether it is known that no edge is of them.
  func wordsOnMissing(edgeTypes: [String], isCertain: Bool = false) async throws -> String? {
    let missing = try await missing(edgeTypes: edgeTypes, isCertain: isCertain)
    if missing.isEmpty { return nil }
    return missing.map { type, similar in
      "no edge is of type \(JSON(type))" + similar.asWhatThereIs
    }.joined(separator: "; ")
  }

  /// Says that no edge has a weight, where that is so, with what some have. Cost: a read of edges up to the first that has it.
  func noteMissing(weight name: String) async throws {
    var others: Set<String> = []
    for try await edge in edges() {
      if let value = edge.data?.member(named: name), value != .null { return }
      if others.count < 100 {
        others.formUnion((edge.data?.members ?? []).filter { $0.value.kind == .number }.map(\.name))
      }
    }
    let near = namesByLikeness(to: name, among: others.sorted())
    Output.note("kv: no edge has \(JSON(name))" + near.asWhatThereIs)
  }

  /// Says so on standard error.
  func noteMissing(edgeTypes: [String], isCertain: Bool = false) async throws {
    if let words = try await wordsOnMissing(edgeTypes: edgeTypes, isCertain: isCertain) {
      Output.note("kv: \(words)")
    }
  }
}

extension [String] {
  /// How names follow the words that one is missing: `; there are "a", "b", "c" and 4 more`. Empty where there are none.
  var asWhatThereIs: String {
    if isEmpty { return "" }
    let named = prefix(count > 4 ? 3 : 4)
    return "; there \(count == 1 ? "is" : "are") \(named.map { JSON($0).text }.joined(separator: ", "))"
      + (count > named.count ? " and \(count - named.count) more" : "")
  }
}
