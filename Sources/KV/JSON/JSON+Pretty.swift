extension JSON {
  /// The value over several lines: two-space indent, members sorted by the bytes of their names, every number and
  /// string as it was written.
  public var pretty: String {
    var output = ""
    write(to: &output, indent: 0)
    return output
  }

  private func write(to output: inout String, indent: Int) {
    func newLine(_ level: Int) { output += "\n" + String(repeating: "  ", count: level) }
    switch kind {
    case .array where text.utf8.count > 2:
      output += "["
      for (index, element) in children.enumerated() {
        if index > 0 { output += "," }
        newLine(indent + 1)
        JSON(trusted: element).write(to: &output, indent: indent + 1)
      }
      newLine(indent)
      output += "]"
    case .object where text.utf8.count > 2:
      output += "{"
      let parts = children
      let names = stride(from: 0, to: parts.count, by: 2)
        .map { (name: Array((JSON(trusted: parts[$0]).string ?? "").utf8), index: $0) }
        .sorted { $0.name.lexicographicallyPrecedes($1.name) }
      for (position, (_, index)) in names.enumerated() {
        if position > 0 { output += "," }
        newLine(indent + 1)
        output += parts[index] + ": "
        JSON(trusted: parts[index + 1]).write(to: &output, indent: indent + 1)
      }
      newLine(indent)
      output += "}"
    default:
      output += text
    }
  }
}
