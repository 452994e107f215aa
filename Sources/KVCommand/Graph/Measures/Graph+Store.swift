import KV
import KVGraph

extension Graph {
  /// Writes a measure into the nodes' attributes, those of another one under that name no more, and says what became of what was there.
  func store(_ values: [(node: NodeReference, value: JSON?)], as name: String) async throws {
    let changes = try await setAttribute(name, to: values, removingOthers: true)
    var words = "\(changes.set.counted("node has", "nodes have")) \(JSON(name))"
    if changes.replaced > 0 { words += ", \(changes.replaced) of them another value before" }
    if changes.removed > 0 { words += "; \(changes.removed.counted("node has", "nodes have")) it no more" }
    Output.note("kv: \(words)")
  }
}
