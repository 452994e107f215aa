import KV
import KVGraph
import KVGraphView
import Subprocess

extension PictureOptions {
  /// A drawing of an excerpt as the format can hold it, with a style where it has one or is asked for one.
  func drawing(
    of excerpt: GraphExcerpt, in graph: Graph, as format: PictureFormat, limit: Int,
    preferring preference: EdgePreference = .degree, highlights: Highlights
  ) async throws -> Drawing {
    let style = try style(for: format, highlights)
    if format.isMermaid {
      return try await Drawing(
        fittingMermaid: excerpt, of: graph, limit: limit, preferring: preference, style: style,
        showsData: showsData, highlights: highlights)
    }
    return try await Drawing(
      excerpt, of: graph, limit: limit, preferring: preference, style: style,
      showsData: showsData, highlights: highlights)
  }

  /// Draws into the file, or onto standard output.
  func draw(
    _ drawing: Drawing, as format: PictureFormat, to output: FileArgument?, colors: Bool,
    limitedBy option: String?,
    around node: NodeReference? = nil
  )
    async throws
  {
    if format.isBinary, output == nil, !open, Output.isTerminal {
      throw KVError(.usage, "\(format) is not for a terminal; write it to a file with -o")
    }
    if let into {
      try await MarkdownSection(into).replace(with: drawing.markdown)
      return try await tell(of: drawing, limitedBy: option)
    }
    let bytes = try await rendered(
      drawing, as: format, isFile: output != nil, colors: colors && output == nil, around: node)
    if let output {
      try await Output.file(output, bytes)
      if open { try await Self.show(output) }
    } else if open {
      let name =
        "\(Environment["TMPDIR"] ?? "/tmp")/kv-\(UInt64.random(in: .min ... .max)).\(format.rawValue)"
      let file = FileArgument(bytes: Array(name.utf8))
      try await Output.file(file, bytes, isPrivate: true)
      try await Self.show(file)
    } else {
      try await Output.bytes(bytes)
    }
    try await tell(of: drawing, limitedBy: option)
  }

  private func tell(of drawing: Drawing, limitedBy option: String?) async throws {
    for missing in drawing.missingAttributes {
      let known = missing.known.isEmpty ? "; they have none" : missing.known.asWhatThereIs
      Output.note(
        "kv: no \(missing.isOfNodes ? "node" : "edge") drawn has an attribute \(JSON(missing.name))\(known)")
    }
    for name in Set(shape.map(\.group)).subtracting(drawing.groups).sorted() {
      let known = namesByLikeness(to: name, among: drawing.groups).asWhatThereIs
      Output.note("kv: no node drawn is \(groupBy == nil ? "of type" : "in a group") \(JSON(name))\(known)")
    }
    if let notice = drawing.notice {
      Output.note("kv: \(notice)\(option.map { "; \($0) sets the limit" } ?? "")")
    }
  }

  private func rendered(
    _ drawing: Drawing, as format: PictureFormat, isFile: Bool, colors: Bool, around node: NodeReference?
  )
    async throws
    -> [UInt8]
  {
    switch format {
    case .dot: return Array(drawing.dot.utf8)
    case .mermaid: return Array(drawing.mermaid.utf8)
    case .markdown: return Array(drawing.markdown.utf8)
    case .json: return Array((drawing.json.pretty + "\n").utf8)
    case .text:
      return Array(
        drawing.text(
          around: node, width: !isFile && Output.isTerminal ? Output.columns : .max, colors: colors
        ).utf8)
    case .svg: return try await image(of: drawing, .svg)
    case .png: return try await image(of: drawing, .png)
    case .pdf: return try await image(of: drawing, .pdf)
    case .html:
      return drawing.page(around: try await image(of: drawing, .svg, hasHeader: false), theme: theme)
    }
  }

  /// By the layout asked for, or by the first that is fast enough: then there is a picture in any case, and a layout that another
  /// may follow gets a third of the time.
  private func image(of drawing: Drawing, _ format: Graphviz.Format, hasHeader: Bool = true) async throws
    -> [UInt8]
  {
    let layouts = layout.layout.map { [$0] } ?? Graphviz.Layout.suited(to: drawing)
    for (place, layout) in layouts.enumerated() {
      let isLast = place + 1 == layouts.count
      let limit = timeout?.duration ?? .seconds(30)
      do {
        let image = try await PictureRun(
          drawing, by: layout, as: format, timeout: isLast ? limit : limit / 3, size: size, scale: scale,
          hasHeader: hasHeader
        ).image()
        if cluster, !layout.drawsClusters {
          Output.note("kv: the layout '\(layout)' draws no boxes; colours show the groups")
        }
        return image
      } catch let failure as LayoutFailure {
        if isLast { throw failure.error }
        Output.note("kv: \(failure.reason); drawing with '\(layouts[place + 1])'")
      }
    }
    return []
  }

  private static func show(_ file: FileArgument) async throws {
    #if os(macOS)
      let viewer = "open"
    #else
      let viewer = "xdg-open"
    #endif
    try ChildResources.check()
    do {
      let result = try await Subprocess.run(
        .name(viewer), arguments: ["\(file)"], input: .none, output: .discarded, error: .discarded)
      if result.terminationStatus.isSuccess { return }
    } catch {
      throw KVError(.failed, "the picture is in \(file), but there is no \(viewer) to show it")
    }
    throw KVError(.failed, "the picture is in \(file), but \(viewer) could not show it")
  }
}
