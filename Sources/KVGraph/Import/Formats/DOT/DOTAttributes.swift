import KV

/// The attributes of a node or an edge while they are read.
struct DOTAttributes {
  private var attributes = ElementAttributes()
  /// Whether there is a label that was not written as JSON.
  private(set) var hasPlainLabel = false
  private var hasJSONLabel = false

  var list: [(name: String, value: JSON)] { attributes.inOrder }

  mutating func add(_ name: String, _ text: String, isText: Bool) {
    if name.hasSameBytes(as: "@attributes"), let value = try? JSON(parsing: text) {
      return attributes.set(name, value)
    }
    let (read, value) = TextAttribute.read(name, text, isText: isText)
    if read == "label" {
      // Beside a label as JSON the other is the type, for people.
      let isPlain = name == read
      if isPlain, hasJSONLabel { return }
      if !isPlain, hasPlainLabel { attributes.remove(read) }
      (hasPlainLabel, hasJSONLabel) = (isPlain, !isPlain)
    }
    attributes.set(read, value)
  }

  mutating func set(_ name: String, _ value: JSON) { attributes.set(name, value) }

  /// The edge's id: a text, or a number as it is written.
  var id: String? {
    guard let value = list.first(where: { $0.name == "id" })?.value else { return nil }
    switch value.kind {
    case .string: return value.string
    case .number: return value.text
    default: return nil
    }
  }

  /// Attributes of a graph or a cluster that say how it is drawn: graphviz.org/doc/info/attrs.html.
  static func isOfLayout(_ name: String) -> Bool { layout.contains(name) }
  private static let layout = Set(
    """
    Damping K URL _background area bb beautify bgcolor center charset class cluster clusterrank color
    colorscheme compound concentrate defaultdist dim dimen diredgeconstraints dpi epsilon esep fillcolor
    fontcolor fontname fontnames fontpath fontsize forcelabels gradientangle href id imagepath
    inputscale label label_scheme labelangle labelfontcolor labelfontname labelfontsize labeljust
    labelloc landscape layerlistsep layers layerselect layersep layout levels levelsgap lheight
    linelength lp lwidth margin maxiter mclimit mindist mode model newrank nodesep nojustify normalize
    notranslate nslimit nslimit1 oneblock ordering orientation outputorder overlap overlap_scaling
    overlap_shrink pack packmode pad page pagedir pencolor penwidth peripheries quadtree quantum rank
    rankdir ranksep ratio regular remincross repulsiveforce resolution root rotate rotation samplepoints
    scale searchsize sep shape sides size smoothing sortv splines start style stylesheet target tooltip
    truecolor viewport voro_margin width height xdotversion _draw_ _ldraw_
    """.split { $0 == " " || $0 == "\n" }.map(String.init))
}
