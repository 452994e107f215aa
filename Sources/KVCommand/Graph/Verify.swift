import ArgumentParser
import KV
import KVGraph

struct Verify: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check that every edge is well formed and the indexes hold what there is.",
    discussion: """
      Prints a line for each fault; status 1 where one is left. --repair mends what can be mended without a loss: the key says \
      which edge it is, and what a value holds besides becomes its data.

      EXAMPLE
        kv graph verify
        kv graph verify --repair
      """)

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @Flag(help: "Mend what is found.") var repair = false
  @OptionGroup var output: ListOptions

  @MainActor
  func run() async throws {
    var faults: [GraphFault] = []
    var progress = Progress("edges")
    // A fault is told when it is found.
    let isText = output.chosen ?? .text == .text
    let graph = try await database.graph(for: repair ? .write : .read)
    let result = try await graph.verify(
      repairing: repair, progress: { progress.advance(to: $0) },
      report: { fault in
        guard isText else { return faults.append(fault) }
        progress.end()
        try Output.line(
          "\(fault.isRepaired ? "repaired" : "fault") (\(fault.kind.rawValue)): \(JSON(fault.key)): \(fault.reason)"
        )
      })
    progress.end()
    let sums =
      "\(result.nodes.counted("node", "nodes")), \(result.edges.counted("edge", "edges")), \(result.faults.counted("fault", "faults")), \(result.repaired) repaired"
    try output.print(
      Report(
        json: JSON(members: [
          ("edges", JSON(result.edges)), ("faults", JSON(elements: faults.map { JSON($0) })),
          ("nodes", JSON(result.nodes)), ("repaired", JSON(result.repaired)),
          (
            "undeclared",
            JSON(
              elements: result.undeclared.map {
                JSON(members: [("count", JSON($0.count)), ("folder", JSON($0.folder))])
              })
          ),
        ]), lines: [sums] + result.undeclared.prefix(10).map { Schema.undeclared($0.folder, $0.count) },
        header: ["KEY", "KIND", "REASON", "REPAIRED"],
        rows: faults.map {
          [.text($0.key), .text($0.kind.rawValue), .text($0.reason), .text($0.isRepaired ? "yes" : "no")]
        }))
    let left = result.faults - result.repaired
    if left > 0 {
      throw KVError(
        .failed, "\(left.counted("fault is", "faults are")) left\(repair ? "" : "; see --repair")")
    }
  }
}

extension JSON {
  fileprivate init(_ fault: GraphFault) {
    self = JSON(members: [
      ("key", JSON(fault.key)), ("kind", JSON(fault.kind.rawValue)), ("reason", JSON(fault.reason)),
      ("repaired", JSON(fault.isRepaired)),
    ])
  }
}
