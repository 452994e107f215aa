import Foundation
import Testing

/// The scenarios of openCypher's TCK (the folder `tck/features` of the public repository opencypher/openCypher), where TCK_FEATURES names the folder.
@Suite struct TCKTests {
  /// What kv means to do otherwise, by the beginnings of the scenarios' names.
  private static let deviations = [
    // The type of a node is its first label and stays.
    "Remove2: [1]", "Remove2: [2]", "Remove2: [3]", "Remove3: [8]", "Remove3: [9]", "Remove3: [10]",
    "Remove3: [11]",
    "Remove3: [12]", "Remove3: [13]", "Remove3: [14]",
    // `id` is the id, of which there is one of a type.
    "Merge5: [13]", "Return3: [1]",
    // Before 1879 Stockholm was 1 h 12 min 12 s ahead, by the system's rules.
    "Temporal2: [6] Should parse date time with named time zone from string ('1818",
  ]

  private static let folder = ProcessInfo.processInfo.environment["TCK_FEATURES"]

  private static func scenarios(in folder: URL) throws -> [GherkinScenario] {
    let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
    return try files.filter { $0.hasSuffix(".feature") }.sorted().flatMap { path in
      let file = folder.appending(path: path)
      return GherkinParser.scenarios(
        in: try String(contentsOf: file, encoding: .utf8), of: file.deletingPathExtension().lastPathComponent)
    }
  }

  @Test(.enabled(if: folder != nil)) func scenariosPass() async throws {
    let folder = URL(filePath: try #require(Self.folder))
    let graphs = folder.deletingLastPathComponent().appending(path: "graphs")
    let scenarios = try Self.scenarios(in: folder)
    #expect(scenarios.count > 3000, "\(folder.path) is the folder of the features")
    var (passed, skipped) = (0, 0)
    var deviating: Set<String> = []
    for scenario in scenarios {
      let deviation = Self.deviations.first { scenario.name.hasPrefix($0) }
      do {
        try await TCKRun(graphs: graphs).run(scenario)
        passed += 1
      } catch is TCKRun.Skipped {
        skipped += 1
      } catch {
        if let deviation {
          deviating.insert(deviation)
        } else {
          Issue.record("\(scenario.name): \(error)")
        }
      }
    }
    print("TCK: \(scenarios.count) scenarios, \(passed) passed, \(skipped) of procedures skipped")
    #expect(deviating == Set(Self.deviations))
  }

  /// The reader itself, where the folder is not there.
  @Test func featuresAreRead() throws {
    let text = #"""
      Feature: F
        Background:
          Given an empty graph
        Scenario Outline: [1] Lists
          When executing query:
            """
            RETURN <list> AS x
            """
          Then the result should be, in any order:
            | x        |
            | <result> |
          Examples:
            | list      | result         |
            | [1, 'a\|b'] | [1, 'a\|b']  |
            | {a: 1.5}  | {a: 1.5}       |
      """#
    let scenarios = GherkinParser.scenarios(in: text, of: "F")
    #expect(scenarios.map(\.steps.count) == [3, 3])
    #expect(scenarios[0].steps[1].document?.trimmingCharacters(in: .whitespaces) == "RETURN [1, 'a|b'] AS x")
    #expect(
      try TCKNotation.value(of: scenarios[0].steps[2].table[1][0]) == .list([.integer(1), .string("a|b")]))
    #expect(try TCKNotation.value(of: "{a: 1.5}") == .map(["a": .float(1.5)]))
    let a = TCKValue.node(labels: ["A", "B"], properties: ["n": .integer(1)])
    let b = TCKValue.node(labels: [], properties: [:])
    #expect(try TCKNotation.value(of: "(:A:B {n: 1})") == a)
    #expect(
      try TCKNotation.value(of: "<(:A:B {n: 1})<-[:T]-()>")
        == .path(nodes: [a, b], edges: [.edge(type: "T", properties: [:])], isForward: [false]))
    #expect(throws: TCKNotation.Failure.self) { try TCKNotation.value(of: "(:A") }
  }
}
