import KV

/// What yEd (https://docs.yworks.com/yfiles/doc/developers-guide/graphml.html) and yFiles draw a node or an
/// edge with.
///
/// Labels, positions, shapes and colours become attributes; the rest is named. Of the two states of a group
/// of yEd only the one that is shown counts.
struct GraphMLDrawing {
  private enum Part {
    case container, label, leaf
    case realizers(active: Int, seen: Int)
  }

  private var path: [Part] = []
  private var text: [UInt8] = []
  private var labels: [String] = []
  private(set) var values: [(name: String, value: JSON)] = []
  /// What is not taken in.
  var ignored: [String] = []

  /// The texts of the labels, a line or more each.
  var label: String? { labels.isEmpty ? nil : labels.joined(separator: "\n") }

  /// Whether the element is gone into; else it is passed over with all that is in it.
  /// - Parameter takesLabels: whether the data is for labels of yFiles, and not of ports, for example.
  mutating func begin(
    _ tag: XMLReader<GraphMLName>.Tag, _ xml: XMLReader<GraphMLName>, takesLabels: Bool
  ) -> Bool {
    let name = String(xml.qualifiedName(of: tag).split(separator: ":").last ?? "")
    var isWanted = true
    switch path.last {
    case .label?:
      text += xml.bytes(tag.text)
      isWanted = false
    case .realizers(let active, let seen)?:
      path[path.count - 1] = .realizers(active: active, seen: seen &+ 1)
      isWanted = seen == active
    default: break
    }
    guard isWanted, let part = part(tag, name, xml, takesLabels: takesLabels) else {
      ignored.append("\(name) of yFiles")
      return false
    }
    path.append(part)
    return true
  }

  mutating func end(_ tag: XMLReader<GraphMLName>.Tag, _ xml: XMLReader<GraphMLName>) {
    guard case .label? = path.popLast() else { return }
    text += xml.bytes(tag.text)
    add(label: text[...])
    text = []
  }

  /// `nil` for what is not known here.
  private mutating func part(
    _ tag: XMLReader<GraphMLName>.Tag, _ name: String, _ xml: XMLReader<GraphMLName>, takesLabels: Bool
  ) -> Part? {
    switch tag.name {
    case .geometry: take(["x": "x", "y": "y", "width": "width", "height": "height"], of: tag, name, xml)
    case .rectangle: take(["X": "x", "Y": "y", "Width": "width", "Height": "height"], of: tag, name, xml)
    case .shape: take(["type": "shape"], of: tag, name, xml)
    case .fill: take(["color": "fill"], of: tag, name, xml)
    case .arrows: take(["source": "sourceArrow", "target": "targetArrow"], of: tag, name, xml)
    case .lineStyle: take(["type": "line"], of: tag, name, xml)
    case .nodeLabel, .edgeLabel:
      take([:], of: tag, name, xml)
      return .label
    case .labelText: return takesLabels ? .label : nil
    case .drawnLabel:
      guard takesLabels else { return nil }
      take(["Text": ""], of: tag, name, xml)
      if let label = xml.place(of: .text, in: tag) { add(label: xml.bytes(label)) }
      return .container
    case .drawnList: return takesLabels ? .container : nil
    case .realizers:
      return .realizers(active: xml.value(of: .active, in: tag).flatMap { Int($0) } ?? 0, seen: 0)
    default: return name.hasSuffix("Node") || name.hasSuffix("Edge") ? .container : nil
    }
    return .leaf
  }

  /// Makes values of some of the element's attributes, by the names given, and says so of those that have
  /// none; one with an empty name is used elsewhere.
  private mutating func take(
    _ names: KeyValuePairs<String, String>, of tag: XMLReader<GraphMLName>.Tag, _ element: String,
    _ xml: XMLReader<GraphMLName>
  ) {
    var hasOthers = false
    for attribute in xml.attributes(of: tag) {
      let text = xml.text(of: attribute)
      guard let name = names.first(where: { $0.key == text })?.value else {
        hasOthers = true
        continue
      }
      guard !name.isEmpty, !values.contains(where: { $0.name == name }) else { continue }
      values.append((name, ImportedValue.of(xml.string(attribute.value))))
    }
    if hasOthers { ignored.append("other attributes of \(element) of yFiles") }
  }

  private mutating func add(label: ArraySlice<UInt8>) {
    let label = label.trimmingWhitespace
    if !label.isEmpty { labels.append(String(decoding: label, as: UTF8.self)) }
  }
}
