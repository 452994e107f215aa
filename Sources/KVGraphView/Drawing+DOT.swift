import KV
import KVGraph

extension Drawing {
  /// The drawing in Graphviz's language.
  ///
  /// Text passes two readers there: the lexer undoes `\"` only, then labels (not identifiers) are read again for
  /// backslash escapes and HTML entities. See graphviz.org/doc/info/lang.html and escString.
  public var dot: String {
    var identifiers = Identifiers()
    var text = "digraph G {\n  rankdir=LR;\n  node [shape=box, style=rounded];\n"
    if let notice { text += "  label=\(Self.label(notice));\n" }
    text += "\n"
    for node in nodes {
      let name = "\(node)"
      let identifier = identifiers.identifier(of: node)
      // The default label is the name read as a label; where that is another text, the label is written out.
      text +=
        identifier == Self.label(name)
        ? "  \(identifier);\n" : "  \(identifier) [label=\(Self.label(name))];\n"
    }
    text += "\n"
    for edge in edges {
      var attributes = "label=\(Self.label(edge.labelLines().joined(separator: "\n")))"
      if edge.dataIsCut, let data = edge.data { attributes += ", tooltip=\(Self.label(data.text))" }
      text +=
        "  \(identifiers.identifier(of: edge.from)) -> \(identifiers.identifier(of: edge.to)) [\(attributes)];\n"
    }
    return text + "}\n"
  }

  static func label(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.visible.unicodeScalars {
      switch scalar {
      case "\\": quoted += "\\\\"
      case "\"": quoted += "\\\""
      case "\n": quoted += "\\n"
      case "&": quoted += "&amp;"
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }

  /// Quoted node identifiers, different for different nodes even where their visible text is the same.
  private struct Identifiers {
    private var known: [NodeReference: String] = [:]
    private var used: Set<[UInt8]> = []

    mutating func identifier(of node: NodeReference) -> String {
      if let known = known[node] { return known }
      // A backslash is doubled and stays double: one before the closing quote would be a syntax error.
      var text = ""
      for scalar in "\(node)".visible.unicodeScalars {
        switch scalar {
        case "\\": text += "\\\\"
        case "\"": text += "\\\""
        case "\n": text += "\u{FFFD}"
        default: text.unicodeScalars.append(scalar)
        }
      }
      // cgraph takes a name that begins with % for one of its own, and forgets it.
      if text.unicodeScalars.first == "%" { text = " " + text }
      var candidate = text
      var number = 2
      while !used.insert(Array(candidate.utf8)).inserted {
        candidate = text + " (\(number))"
        number += 1
      }
      let identifier = "\"" + candidate + "\""
      known[node] = identifier
      return identifier
    }
  }
}
