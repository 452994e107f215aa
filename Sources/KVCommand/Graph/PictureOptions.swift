import ArgumentParser
import KV
import KVGraph
import KVGraphView
import Subprocess
import SystemPackage

/// How a drawing looks, and where it goes.
struct PictureOptions: ParsableArguments {
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case dot, mermaid, svg, png, pdf, html, json, text

    var isBinary: Bool { self == .png || self == .pdf }
    /// Pictures have a style; the others are text for people and programs, and have one only where it is asked for.
    var isPicture: Bool { [.svg, .png, .pdf, .html].contains(self) }
    static let endings = allCases.map { ".\($0 == .text ? "txt" : $0.rawValue)" }.joined(separator: ", ")

    init?(ending: String) {
      switch ending {
      case "mmd": self = .mermaid
      case "gv": self = .dot
      case "htm": self = .html
      case "txt": self = .text
      default: self.init(rawValue: ending)
      }
    }
  }

  enum LayoutChoice: String, ExpressibleByArgument, CaseIterable {
    case auto, dot, sfdp, neato, fdp, circo, twopi
  }

  @Option(help: "auto picks by size.") var layout = LayoutChoice.auto
  @Option(help: "Seconds after which a layout is ended.") var timeout = Number(30)
  @Option(help: "light or dark.") var theme: Style.Theme?
  @Option(help: "LR, TB, RL or BT: where edges lead.") var rankdir: Style.Direction?
  @Option(help: "A title above the picture.") var title: Text?
  @Option(help: "The picture's largest size in pixels, such as 1200x800.") var size: PixelSize?
  @Flag(help: "Leave out what the colours stand for.") var noLegend = false
  @Option(help: "An attribute to name nodes by, or a template such as '{id}\\n{name}'.") var label: Text?
  @Option(help: "type, data, none, or a template such as '{km} km'.") var edgeLabel: Text?
  @Option(help: "The attribute that gives nodes their colours, in the place of the type.") var groupBy: Text?
  @Flag(help: "Put nodes of a type, or of what --group-by names, into a box.") var cluster = false
  @Flag(help: "Draw the edges from one node to another as one.") var merge = false
  @Option(help: "A number in the edges' data that gives their width.") var widthBy: Text?
  @Flag(help: "Show the picture in the system's viewer.") var open = false

  func validate() throws {
    guard (1...86_400).contains(timeout.value) else {
      throw ValidationError("the timeout \(timeout.value) is not between 1 second and a day")
    }
    do {
      _ = try style()
    } catch let error as KVError {
      throw ValidationError(error.message)
    }
  }

  /// `nil` where the format has none of its own and nothing is asked for.
  func style(for format: Format, _ highlights: Highlights = Highlights()) throws -> Style? {
    let isAskedFor =
      theme != nil || rankdir != nil || title != nil || size != nil || label != nil || edgeLabel != nil
      || groupBy != nil || cluster || merge || widthBy != nil || noLegend
    return try format.isPicture || isAskedFor || !highlights.isEmpty ? style() : nil
  }

  private func style() throws -> Style {
    var style = Style()
    style.theme = theme ?? .light
    style.direction = rankdir ?? .leftToRight
    style.title = title?.value
    style.size = size.map { ($0.width, $0.height) }
    style.showsLegend = !noLegend
    style.clusters = cluster
    style.group = groupBy?.value
    style.nodeLabel = try label.map { try Template($0.value) }
    style.edgeLabel =
      switch edgeLabel?.value {
      case nil: nil
      case "type": .type
      case "data": .data
      case "none": .hidden
      case let template?: .template(try Template(template))
      }
    style.merges = merge
    style.width = widthBy?.value
    return style
  }

  /// The format asked for, or that of the file's ending; else what a terminal or a pipe reads best.
  func format(_ named: Format?, for output: FileArgument?) throws -> Format {
    if let named { return named }
    guard let output else { return open ? .svg : Output.isTerminal ? .text : .dot }
    let name = "\(output)"
    let ending = name.split(separator: ".").last.map { $0.lowercased() } ?? ""
    guard name.contains("."), let format = Format(ending: ending) else {
      throw KVError(.usage, "\(output): unknown ending; expected \(Format.endings), or --format")
    }
    return format
  }

  /// Draws into the file, or onto standard output.
  func draw(
    _ drawing: Drawing, as format: Format, to output: FileArgument?, around node: NodeReference? = nil
  )
    async throws
  {
    if format.isBinary, output == nil, !open, Output.isTerminal {
      throw KVError(.usage, "\(format) is not for a terminal; write it to a file with -o")
    }
    let bytes = try await rendered(drawing, as: format, isFile: output != nil, around: node)
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
    if let notice = drawing.notice { Output.note("kv: \(notice)") }
  }

  private func rendered(_ drawing: Drawing, as format: Format, isFile: Bool, around node: NodeReference?)
    async throws
    -> [UInt8]
  {
    switch format {
    case .dot: return Array(drawing.dot.utf8)
    case .mermaid: return Array(drawing.mermaid.utf8)
    case .json: return Array((drawing.json.pretty + "\n").utf8)
    case .text:
      let isTerminal = !isFile && Output.isTerminal
      let colors = isTerminal && Environment["NO_COLOR"] == nil && Environment["TERM"] != "dumb"
      return Array(drawing.text(around: node, width: isTerminal ? Output.columns : .max, colors: colors).utf8)
    case .svg: return try await image(of: drawing, .svg)
    case .png: return try await image(of: drawing, .png)
    case .pdf: return try await image(of: drawing, .pdf)
    case .html: return drawing.page(around: try await image(of: drawing, .svg))
    }
  }

  /// By the layout asked for, or by the first that is fast enough: then there is a picture in any case, and a layout that another
  /// may follow gets a third of the time.
  private func image(of drawing: Drawing, _ format: Graphviz.Format) async throws -> [UInt8] {
    let layouts =
      Graphviz.Layout(rawValue: layout.rawValue).map { [$0] } ?? Graphviz.Layout.suited(to: drawing)
    for (place, layout) in layouts.enumerated() {
      let isLast = place + 1 == layouts.count
      let limit = Duration.seconds(timeout.value)
      do {
        let image = try await Render.inChildProcess(
          drawing.dot(for: layout), as: format, layout: layout, timeout: isLast ? limit : limit / 3)
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

/// `1200x800`.
struct PixelSize: ExpressibleByArgument {
  var width: Int
  var height: Int

  init?(argument: String) {
    let parts = argument.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let width = parts[0], let height = parts[1], width > 0, height > 0 else {
      return nil
    }
    (self.width, self.height) = (width, height)
  }
}

extension Style.Theme: ExpressibleByArgument {}
extension Style.Direction: ExpressibleByArgument {}
