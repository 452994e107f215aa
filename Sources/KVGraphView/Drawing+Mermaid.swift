import KV
import KVGraph

extension Drawing {
  /// Mermaid refuses diagrams of more edges, and of more text, which it counts in UTF-16.
  public static let mermaidEdgeLimit = 500
  public static let mermaidTextLimit = 50_000

  /// The drawing as a Mermaid flowchart. Node names are synthetic, for words such as `end` break a diagram.
  public var mermaid: String {
    var text = ""
    if let title = style?.title {
      // The front matter is YAML, in which a JSON string is a string.
      text += "---\ntitle: \(JSON(title.visible.cut(to: 200)).text)\n---\n"
    }
    text += "flowchart \(style?.direction.rawValue ?? "LR")\n"
    if let notice { text += "  %% \(notice)\n  notice[\"\(Self.mermaidLabel(notice))\"]\n" }
    func line(_ number: Int) -> String {
      "  n\(number + 1)[\"\(Self.mermaidLabel(nodes[number].label.cut(to: 200)))\"]\n"
    }
    if style?.clusters == true {
      for (group, members) in members.enumerated() {
        text += "  subgraph g\(group + 1)[\"\(Self.mermaidLabel(groups[group].cut(to: 40)))\"]\n"
        for number in members { text += "  " + line(number) }
        text += "  end\n"
      }
    } else {
      for number in nodes.indices { text += line(number) }
    }
    for link in links {
      let arrow = link.label.isEmpty ? "-->" : "-->|\"\(Self.mermaidLabel(link.label))\"|"
      text += "  n\(link.from + 1) \(arrow) n\(link.to + 1)\n"
    }
    if let style { text += mermaidColors(Palette(style.theme)) }
    return text
  }

  private func mermaidColors(_ palette: Palette) -> String {
    var text = ""
    for (group, members) in members.enumerated() {
      text +=
        "  classDef c\(group + 1) fill:\(palette.fill(group)),stroke:\(palette.border(group)),color:\(palette.text)\n"
      text += "  class \(members.map { "n\($0 + 1)" }.joined(separator: ",")) c\(group + 1)\n"
    }
    let nodes = self.nodes.indices.filter { self.nodes[$0].isHighlighted }.map { "n\($0 + 1)" }
    if !nodes.isEmpty {
      text += "  classDef found stroke:\(palette.accent),stroke-width:3px\n"
      text += "  class \(nodes.joined(separator: ",")) found\n"
    }
    let links = self.links.indices.filter { self.links[$0].isHighlighted }.map(String.init)
    if !links.isEmpty {
      text += "  linkStyle \(links.joined(separator: ",")) stroke:\(palette.accent),stroke-width:3px\n"
    }
    return text
  }

  /// Mermaid looks for some of its words in whole lines before it reads them, quotes or not: `direction TB`, directives
  /// (`%%{`), formulas (`$$`), a colon and a `#` after `style`. And it makes a line break of `\n`.
  static func mermaidLabel(_ text: String) -> String {
    let hasStyle = text.lowercased().contains("style") || text.lowercased().contains("classdef")
    let hasDirection = Array(text.utf8).contains(Array("direction".utf8))
    var label = ""
    var previous: Unicode.Scalar?
    let scalars = Array(text.visible.unicodeScalars)
    for (index, scalar) in scalars.enumerated() {
      // Formulas and line breaks it finds even after decoding: a space of no width keeps their signs apart.
      if scalar == "$" && previous == "$" || scalar == "n" && previous == "\\" { label += "#8203;" }
      // `fa:fa-car` would be an icon.
      if previous == ":", scalars[index...].starts(with: "fa-".unicodeScalars) { label += "#8203;" }
      previous = scalar
      switch scalar {
      case "#", "|", "`", "$", "%", "\\": label += "#\(scalar.value);"
      case ":" where hasStyle, "d" where hasDirection: label += "#\(scalar.value);"
      case "\"": label += "#quot;"
      case "<": label += "#lt;"
      case ">": label += "#gt;"
      case "&": label += "#amp;"
      case "\n": label += "<br/>"
      case "\t": label += "#9;"
      default: label.unicodeScalars.append(scalar)
      }
    }
    // An empty label is an error.
    return label.isEmpty ? " " : label
  }
}
