import KV
import KVGraph

extension Drawing {
  /// The most edges that Mermaid draws unless it is configured otherwise. ``mermaid`` itself does not keep to it.
  public static let mermaidEdgeLimit = MermaidLimit.edges
  /// The longest text that Mermaid draws unless it is configured otherwise, in UTF-16 code units. ``mermaid`` itself does not keep
  /// to it.
  public static let mermaidTextLimit = MermaidLimit.text

  /// The drawing as a Mermaid flowchart. Node names are synthetic, for words such as `end` break a diagram.
  public var mermaid: String {
    var text = ""
    if let title = style?.title {
      // The front matter is YAML, in which a JSON string is a string.
      text += "---\ntitle: \(JSON(title.visible.cut(to: 200)).text)\n---\n"
    }
    text += "flowchart \(style?.direction?.rawValue ?? "LR")\n"
    // Labels that say all there is to say of names and types are read back.
    if style == nil { text += "  %% kv view\n" }
    if let notice { text += "  %% \(notice)\n  notice[\"\(notice.visible.mermaidLabel)\"]\n" }
    func line(_ number: Int) -> String {
      let (opening, closing) = shape(of: nodes[number].group).mermaid
      return
        "  n\(number + 1)\(opening)\"\(nodes[number].label.cut(to: 200).visible.mermaidLabel)\"\(closing)\n"
    }
    if style?.clusters == true {
      for (group, members) in members.enumerated() {
        let label = groups[group].cut(to: 40).visible.mermaidLabel
        if isBoxed(group) { text += "  subgraph g\(group + 1)[\"\(label)\"]\n" }
        for number in members { text += (isBoxed(group) ? "  " : "") + line(number) }
        if isBoxed(group) { text += "  end\n" }
      }
    } else {
      for number in nodes.indices { text += line(number) }
    }
    for (number, node) in nodes.enumerated() {
      guard let address = node.address else { continue }
      // It would end one of Mermaid's own entities, #name;.
      text += "  click n\(number + 1) href \"\(address.replacing(";", with: "%3B"))\" _blank\n"
    }
    for link in links {
      let line = link.isDirected ? "-->" : "---"
      let arrow = link.label.isEmpty ? line : "\(line)|\"\(link.label.visible.mermaidLabel)\"|"
      text += "  n\(link.from + 1) \(arrow) n\(link.to + 1)\n"
    }
    if let style { text += mermaidColors(Palette(style.theme)) }
    return text
  }

  /// ``mermaid`` in a fence, as Markdown shows it.
  public var markdown: String { "```mermaid\n\(mermaid)```\n" }

  private func mermaidColors(_ palette: Palette) -> String {
    var text = ""
    for (group, members) in members.enumerated() {
      text +=
        "  classDef c\(group + 1) fill:\(palette.fill(colors[group])),stroke:\(palette.border(colors[group])),color:\(palette.text)\n"
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
}
