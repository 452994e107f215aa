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

  @OptionGroup var database: DatabaseOptions
  @Flag(help: "Mend what is found.") var repair = false
  @Option(help: "text, or json: {nodes, edges, faults, repaired, undeclared}.") var output = TextOrJSON
    .text

  @MainActor
  func run() async throws {
    var faults: [JSON] = []
    let result = try await database.graph(for: repair ? .write : .read).verify(repairing: repair) { fault in
      switch output {
      case .text:
        try Output.line(
          "\(fault.isRepaired ? "repaired" : "fault") (\(fault.kind.rawValue)): \(JSON(fault.key)): \(fault.reason)"
        )
      case .json:
        faults.append(
          JSON(members: [
            ("key", JSON(fault.key)), ("kind", JSON(fault.kind.rawValue)), ("reason", JSON(fault.reason)),
            ("repaired", JSON(fault.isRepaired)),
          ]))
      }
    }
    switch output {
    case .text:
      try Output.line(
        "\(result.nodes) nodes, \(result.edges) edges, \(result.faults) faults, \(result.repaired) repaired")
      for (folder, count) in result.undeclared.prefix(10) {
        try Output.line(Schema.undeclared(folder, count))
      }
    case .json:
      try Output.document(
        JSON(members: [
          ("edges", JSON(result.edges)), ("faults", JSON(elements: faults)), ("nodes", JSON(result.nodes)),
          ("repaired", JSON(result.repaired)),
          (
            "undeclared",
            JSON(
              elements: result.undeclared.map {
                JSON(members: [("count", JSON($0.count)), ("folder", JSON($0.folder))])
              })
          ),
        ]).pretty)
    }
    let left = result.faults - result.repaired
    if left > 0 {
      throw KVError(
        .failed, "\(left) \(left == 1 ? "fault is" : "faults are") left\(repair ? "" : "; see --repair")")
    }
  }
}
