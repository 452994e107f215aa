import KV
import KVGraph

extension Drawing {
  /// One file that needs nothing else: the picture, to be moved, searched and followed from node to node.
  ///
  /// - Parameter svg: what Graphviz has drawn of this drawing.
  public func page(around svg: [UInt8]) -> [UInt8] {
    let palette = Palette(style?.theme ?? .light)
    let title = style?.title ?? "Graph"
    // Whatever the data holds, it cannot end the element that it stands in.
    let graph = data.text.utf8.reduce(into: [UInt8]()) { bytes, byte in
      if byte == UInt8(ascii: "<") { bytes += Array("\\u003c".utf8) } else { bytes.append(byte) }
    }
    let start = """
      <!DOCTYPE html>
      <html lang="en"\(style?.theme == .dark ? " class=\"dark\"" : "")>
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy" \
      content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
      <title>\(title.visible.xmlEscaped)</title>
      <style>\(String(decoding: PackageResources.page_css, as: UTF8.self))</style>
      </head>
      <body>
      <header>
      <h1>\(title.visible.xmlEscaped)</h1>
      <input id="search" type="search" placeholder="Search ( / )" aria-label="Search nodes">
      <button id="in" aria-label="Zoom in">+</button><button id="out" aria-label="Zoom out">−</button>\
      <button id="fit" aria-label="Fit">Fit</button>
      <span class="count" role="status"></span>
      </header>
      <main>
      <div id="picture" style="background:\(palette.background)">
      """
    let middle = """
      </div>
      <aside hidden aria-live="polite"></aside>
      </main>
      <script type="application/json" id="graph">
      """
    let end = """
      </script>
      <script>\(String(decoding: PackageResources.page_js, as: UTF8.self))</script>
      </body>
      </html>

      """
    // The XML declaration is none of HTML's.
    let picture = svg.starts(with: "<?xml".utf8) ? svg.drop { $0 != UInt8(ascii: ">") }.dropFirst() : svg[...]
    return Array(start.utf8) + picture + Array(middle.utf8) + graph + Array(end.utf8)
  }

  /// `{"nodes":[{"data","name"}],"edges":[{"edges":[{"data","type"}],"from","label","to"}]}`, ends by their places, data as text:
  /// a browser's numbers would not be the same.
  private var data: JSON {
    JSON(members: [
      (
        "nodes",
        JSON(
          elements: nodes.map {
            JSON(members: [
              ("data", $0.attributes.map { JSON($0.pretty) } ?? .null),
              ("name", JSON("\($0.reference)".visible)),
            ])
          })
      ),
      (
        "edges",
        JSON(
          elements: links.map { link in
            JSON(members: [
              (
                "edges",
                JSON(
                  elements: link.edges.map {
                    JSON(members: [
                      ("data", $0.data.map { JSON($0.pretty) } ?? .null), ("type", JSON($0.label)),
                    ])
                  })
              ), ("from", JSON(link.from)), ("label", JSON(link.edges.map(\.label).joined(separator: ", "))),
              ("to", JSON(link.to)),
            ])
          })
      ),
    ])
  }
}
