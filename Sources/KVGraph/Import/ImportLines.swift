/// The line on which each imported record began, by the record's position in the import.
///
/// Evenly spaced lines take one entry together: what JSON Lines and pretty-printed arrays are made of.
struct ImportLines: Sendable {
  private struct Run {
    var position: Int
    var line: Int
    var spacing: Int
    var lastLine: Int
  }

  private var runs: [Run] = []
  private var count = 0

  mutating func append(_ lines: [Int]) {
    for line in lines { append(line) }
  }

  private mutating func append(_ line: Int) {
    defer { count += 1 }
    guard let run = runs.last else {
      return runs.append(Run(position: 0, line: line, spacing: 0, lastLine: line))
    }
    let spacing = line - run.lastLine
    if count == run.position + 1 {
      runs[runs.count - 1].spacing = spacing
    } else if spacing != run.spacing {
      return runs.append(Run(position: count, line: line, spacing: 0, lastLine: line))
    }
    runs[runs.count - 1].lastLine = line
  }

  /// The line of a record that was appended.
  subscript(position: Int) -> Int {
    guard let run = runs.last(where: { $0.position <= position }) else { return 0 }
    return run.line + run.spacing * (position - run.position)
  }
}
