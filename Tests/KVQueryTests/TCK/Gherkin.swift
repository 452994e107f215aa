import Foundation

/// A scenario of a feature file, with the examples of an outline filled in.
struct GherkinScenario {
  struct Step {
    var text: String
    /// The lines in quotes below it.
    var document: String?
    /// The rows below it, the first of which names the columns where there are several.
    var table: [[String]] = []
  }

  var name: String
  var steps: [Step]
}

/// Reads feature files as far as the TCK needs them.
struct GherkinParser {
  private var lines: ArraySlice<Substring>
  private var background: [GherkinScenario.Step] = []
  private var scenarios: [GherkinScenario] = []
  private var name = ""
  private var steps: [GherkinScenario.Step] = []
  private var examples: [[[String]]] = []
  private var isOutline = false
  /// Where steps and rows go.
  private enum Section { case none, background, scenario, examples }
  private var section = Section.none

  /// - Parameter feature: what the scenarios' names begin with.
  static func scenarios(in text: String, of feature: String) -> [GherkinScenario] {
    var parser = GherkinParser(
      lines: text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)[...])
    while !parser.lines.isEmpty { parser.readLine() }
    parser.close()
    return parser.scenarios.map { GherkinScenario(name: "\(feature): \($0.name)", steps: $0.steps) }
  }

  private init(lines: ArraySlice<Substring>) { self.lines = lines }

  private mutating func readLine() {
    let line = lines.removeFirst().trimmingCharacters(in: .whitespaces)
    if line.isEmpty || line.hasPrefix("#") || line.hasPrefix("@") { return }
    if line.hasPrefix("\"\"\"") { return add(document: readDocument()) }
    if line.hasPrefix("|") { return add(row: Self.cells(of: line)) }
    for word in ["Given ", "When ", "Then ", "And ", "But "] where line.hasPrefix(word) {
      let step = GherkinScenario.Step(text: String(line.dropFirst(word.count)))
      if section == .background { background.append(step) } else { steps.append(step) }
      return
    }
    if line.hasPrefix("Background:") { section = .background }
    if line.hasPrefix("Examples:") {
      section = .examples
      examples.append([])
    }
    for word in ["Scenario:", "Scenario Outline:"] where line.hasPrefix(word) {
      close()
      section = .scenario
      isOutline = word == "Scenario Outline:"
      name = line.dropFirst(word.count).trimmingCharacters(in: .whitespaces)
    }
  }

  private mutating func readDocument() -> String {
    var document: [String] = []
    while let line = lines.popFirst(), line.trimmingCharacters(in: .whitespaces) != "\"\"\"" {
      document.append(String(line))
    }
    return document.joined(separator: "\n")
  }

  private mutating func add(document: String) {
    if section == .background {
      background[background.count - 1].document = document
    } else {
      steps[steps.count - 1].document = document
    }
  }

  private mutating func add(row: [String]) {
    switch section {
    case .examples: examples[examples.count - 1].append(row)
    case .background: background[background.count - 1].table.append(row)
    case .scenario, .none: steps[steps.count - 1].table.append(row)
    }
  }

  private mutating func close() {
    guard section == .scenario || section == .examples else { return }
    let all = background + steps
    if !isOutline { scenarios.append(GherkinScenario(name: name, steps: all)) }
    for table in examples {
      for row in table.dropFirst() {
        func filled(_ text: String) -> String {
          zip(table[0], row).reduce(text) { $0.replacing("<\($1.0)>", with: $1.1) }
        }
        scenarios.append(
          GherkinScenario(
            name: "\(name) (\(row.joined(separator: " | ")))",
            steps: all.map { step in
              GherkinScenario.Step(
                text: filled(step.text), document: step.document.map(filled),
                table: step.table.map { $0.map(filled) })
            }))
      }
    }
    (steps, examples) = ([], [])
  }

  /// `| a | b \| c |`, in which `\|`, `\n` and `\\` are escapes.
  private static func cells(of line: String) -> [String] {
    var cells: [String] = []
    var cell = ""
    var isEscaped = false
    for character in line.dropFirst() {
      if isEscaped {
        cell += character == "n" ? "\n" : "|\\".contains(character) ? String(character) : "\\\(character)"
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else if character == "|" {
        cells.append(cell.trimmingCharacters(in: .whitespaces))
        cell = ""
      } else {
        cell.append(character)
      }
    }
    return cells
  }
}
