import KV
import KVGraph

extension Drawing {
  /// Mermaid refuses diagrams of more edges.
  public static let mermaidEdgeLimit = 500

  /// The drawing as a Mermaid flowchart. Node names are synthetic, for words such as `end` break a diagram.
  public var mermaid: String {
    let names = Dictionary(uniqueKeysWithValues: nodes.enumerated().map { ($1, "n\($0 + 1)") })
    var text = "flowchart LR\n"
    if let notice { text += "  %% \(notice)\n  notice[\"\(Self.mermaidLabel(notice))\"]\n" }
    for node in nodes { text += "  \(names[node] ?? "")[\"\(Self.mermaidLabel("\(node)"))\"]\n" }
    for edge in edges {
      let label = Self.mermaidLabel(edge.labelLines(dataLength: 40).joined(separator: "\n"))
      text += "  \(names[edge.from] ?? "") -->|\"\(label)\"| \(names[edge.to] ?? "")\n"
    }
    return text
  }

  static func mermaidLabel(_ text: String) -> String {
    var label = ""
    for scalar in text.visible.unicodeScalars {
      switch scalar {
      case "#": label += "#35;"
      case "\"": label += "#quot;"
      case "<": label += "#lt;"
      case ">": label += "#gt;"
      case "&": label += "#amp;"
      case "|": label += "#124;"
      case "`": label += "#96;"
      case "\n": label += "<br/>"
      default: label.unicodeScalars.append(scalar)
      }
    }
    return label
  }
}
