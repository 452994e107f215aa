import KV
import KVGraph

extension Drawing {
  /// One file that needs nothing else: the picture, to be moved, searched and followed from node to node.
  ///
  /// - Parameters:
  ///   - svg: what Graphviz has drawn of this drawing, without a header.
  ///   - theme: light or dark; `nil` for what the reader's system has. Readers may choose the other.
  public func page(around svg: [UInt8], theme: Style.Theme? = nil) -> [UInt8] {
    let named = style?.title?.visible.cut(to: 200) ?? ""
    let title = named.isEmpty ? "Graph" : named
    // Whatever the data holds, it cannot end the element that it stands in.
    let graph = data(theme).text.utf8.reduce(into: [UInt8]()) { bytes, byte in
      if byte == UInt8(ascii: "<") { bytes += Array("\\u003c".utf8) } else { bytes.append(byte) }
    }
    let start = """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy" \
      content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
      <title>\(title.xmlEscaped)</title>
      <style>\(String(decoding: PackageResources.page_css, as: UTF8.self))</style>
      </head>
      <body>
      <header>
      <h1>\(title.xmlEscaped)</h1>
      <input id="search" type="search" placeholder="Search ( / )" aria-label="Search nodes">
      <span class="count" role="status"></span>
      <span class="tools"><button id="in" aria-label="Zoom in">+</button><button id="out" aria-label="Zoom out">−</button>\
      <button id="fit">Fit</button><button id="theme" aria-label="Light or dark">◐</button>\
      <button id="svg">SVG</button><button id="png">PNG</button></span>
      </header>
      <main>
      <div id="picture">
      """
    let middle = """
      </div>
      <ul id="hits" hidden aria-label="Hits"></ul>
      <div id="legend" role="group" aria-label="Groups"></div>
      <aside hidden aria-live="polite"></aside>
      </main>
      <script type="application/json" id="graph">
      """
    let end = """
      </script>
      <script>
      "use strict";
      (() => {
      \(Self.scripts)})();
      </script>
      </body>
      </html>

      """
    // The XML declaration is none of HTML's.
    let picture = svg.starts(with: "<?xml".utf8) ? svg.drop { $0 != UInt8(ascii: ">") }.dropFirst() : svg[...]
    return Array(start.utf8) + picture + Array(middle.utf8) + graph + Array(end.utf8)
  }

  /// The page's whole behaviour, a file for each part of it.
  private static let scripts = [
    PackageResources.graph_js, PackageResources.view_js, PackageResources.choice_js,
    PackageResources.pointer_js,
    PackageResources.labels_js, PackageResources.search_js, PackageResources.theme_js,
    PackageResources.export_js,
    PackageResources.start_js,
  ].map { String(decoding: $0, as: UTF8.self) }.joined()

  /// What the scripts know: ends by their places, data as text, for a browser's numbers would not be the same, and each colour in both
  /// themes.
  private func data(_ theme: Style.Theme?) -> JSON {
    let palettes = (light: Palette(.light), dark: Palette(.dark))
    func pair(_ color: (Palette) -> String) -> JSON {
      JSON(elements: [JSON(color(palettes.light)), JSON(color(palettes.dark))])
    }
    let used = Set(colors.map { $0 % Palette.count }).sorted()
    let pairs =
      [
        pair(\.background), pair(\.text), pair(\.edge), pair(\.edgeText), pair(\.faded), pair(\.fadedText),
        pair(\.accent),
      ]
      + used.flatMap { color in [pair { $0.fill(color) }, pair { $0.border(color) }] }
    let type = style?.showsLegend == false || style?.edgeLabel != nil ? nil : commonEdgeType
    let arrow = links.contains { $0.isDirected } ? "→" : "—"
    return JSON(members: [
      ("nodes", JSON(elements: nodes.map(Self.data))), ("edges", JSON(elements: links.map(Self.data))),
      (
        "groups",
        JSON(
          elements: (style?.showsLegend == false ? [] : Array(groups.indices)).map { group in
            JSON(members: [
              ("color", JSON(palettes.light.fill(colors[group]))), ("name", JSON(groups[group].visible)),
              ("sign", JSON(shape(of: group).sign)),
            ])
          })
      ), ("edgeType", type.map { JSON("\(arrow) \($0.visible)") } ?? .null),
      ("notice", notice.map { JSON($0) } ?? .null), ("theme", theme.map { JSON($0.rawValue) } ?? .null),
      ("drawn", JSON((style?.theme ?? .light).rawValue)), ("background", pair(\.background)),
      ("colors", JSON(elements: pairs)),
    ])
  }

  private static func data(_ node: Node) -> JSON {
    JSON(members: [
      ("address", node.address.map { JSON($0) } ?? .null),
      ("data", node.attributes.map { JSON($0.pretty) } ?? .null), ("group", JSON(node.group)),
      ("name", JSON("\(node.reference)".visible)),
    ])
  }

  private static func data(_ link: Link) -> JSON {
    let edges = link.edges.map {
      JSON(members: [("data", $0.data.map { JSON($0.pretty) } ?? .null), ("type", JSON($0.label))])
    }
    return JSON(members: [
      ("edges", JSON(elements: edges)), ("from", JSON(link.from)), ("isDirected", JSON(link.isDirected)),
      ("to", JSON(link.to)),
    ])
  }
}
