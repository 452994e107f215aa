/// The names of GraphML that mean something here: its own, and those of what yEd and yFiles put into data.
enum GraphMLName: String, CaseIterable {
  case graphml, key, graph, node, edge, data, `default`, desc, port, hyperedge, locator
  case id, `for`
  case name = "attr.name"
  case attributeType = "attr.type"
  case list = "attr.list"
  case kvType = "kv.type"
  case yfilesType = "yfiles.type"
  case edgedefault, source, target, directed, labels, label
  case space = "xml:space"
  case nodeLabel = "NodeLabel"
  case edgeLabel = "EdgeLabel"
  case geometry = "Geometry"
  case shape = "Shape"
  case fill = "Fill"
  case arrows = "Arrows"
  case lineStyle = "LineStyle"
  case realizers = "Realizers"
  case active, x, y, width, height, type, color
  case drawnList = "List"
  case drawnLabel = "Label"
  case labelText = "Label.Text"
  case text = "Text"
  case rectangle = "RectD"
  case upperX = "X"
  case upperY = "Y"
  case upperWidth = "Width"
  case upperHeight = "Height"
}
