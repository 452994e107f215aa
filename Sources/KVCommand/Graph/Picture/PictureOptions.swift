import ArgumentParser
import KV
import KVGraph
import KVGraphView

/// How a drawing looks, and where it goes.
struct PictureOptions: ParsableArguments {
  enum LayoutChoice: String, ExpressibleByArgument, CaseIterable {
    case auto, dot, force, sfdp, neato, fdp, circo, twopi

    /// `nil` to pick by size.
    var layout: Graphviz.Layout? {
      switch self {
      case .auto: nil
      case .force: .force
      default: Graphviz.Layout(rawValue: rawValue)
      }
    }
  }

  @Option(help: "auto picks by size; force is for large ones.") var layout = LayoutChoice.auto
  @Option(help: "After how long a layout, or a query, is ended, such as 500ms, 30s or 10m (layouts: 30s).")
  var timeout: Length?
  @Option(help: "light or dark.") var theme: Style.Theme?
  @Option(help: "LR, TB, RL or BT: where edges lead.") var rankdir: Style.Direction?
  @Option(help: "A title above the picture.") var title: Text?
  @Option(help: "The picture's largest size in pixels, such as 1200x800.") var size: PixelSize?
  @Option(help: "How many pixels a pixel of a picture becomes, such as 2.") var scale = 1.0
  @Flag(help: "Leave out what the colours stand for.") var noLegend = false
  @Option(help: "An attribute to name nodes by, or a template such as '{id}\\n{name}'.") var label: Text?
  @Option(help: "type, data, none, or a template such as '{km} km'.") var edgeLabel: Text?
  @Option(help: "The attribute that gives nodes their colours, in the place of the type.") var groupBy: Text?
  @Option(
    help: ArgumentHelp(
      "The shape of a type's nodes: \(NodeShape.allCases.map(\.rawValue).joined(separator: ", ")).",
      valueName: "type=shape"))
  var shape: [ShapeChoice] = []
  @Flag(help: "Put nodes of a type, or of what --group-by names, into a box.") var cluster = false
  @Flag(help: "Draw the edges from one node to another as one.") var merge = false
  @Option(help: "A number in the edges' data that gives their width.") var widthBy: Text?
  @Option(
    help:
      "An attribute that holds an address on the web, to which its node leads in SVG, HTML, DOT and Mermaid.")
  var link: Text?
  @Option(
    help: ArgumentHelp(
      "Put the diagram into a Markdown file, between its lines <!-- kv:begin --> and <!-- kv:end -->; README.md#NAME: between <!-- kv:begin NAME --> and its end.",
      valueName: "file"))
  var into: FileArgument?
  @Flag(help: "Show the picture in the system's viewer.") var open = false

  func validate() throws {
    if let timeout, !(.milliseconds(1)...(.seconds(86_400))).contains(timeout.duration) {
      throw ValidationError(
        "the timeout \(timeout.duration.seconds(digits: 3)) s is not between 1 millisecond and a day")
    }
    guard (0.1...10).contains(scale) else {
      throw ValidationError("--scale \(scale) is not between 0.1 and 10")
    }
    do {
      _ = try style()
    } catch let error as KVError {
      throw ValidationError(error.message)
    }
  }

  /// `nil` where the format has none of its own and nothing is asked for.
  func style(for format: PictureFormat, _ highlights: Highlights = Highlights()) throws -> Style? {
    let isAskedFor =
      theme != nil || rankdir != nil || title != nil || label != nil
      || !["type", "data", nil].contains(edgeLabel?.value)
      || groupBy != nil || cluster || merge || widthBy != nil || noLegend || !shape.isEmpty || link != nil
    guard format.isPicture || isAskedFor || !highlights.isEmpty else { return nil }
    var style = try style()
    // Mermaid has none.
    if format.isMermaid { style.showsLegend = false }
    return style
  }

  /// Without a style: whether edges say what data they have.
  var showsData: Bool { edgeLabel?.value == "data" }

  private func style() throws -> Style {
    var style = Style()
    style.theme = theme ?? .light
    style.direction = rankdir
    style.title = title?.value
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
    style.shapes = Dictionary(shape.map { ($0.group, $0.shape) }) { _, last in last }
    style.link = link?.value
    style.merges = merge
    style.width = widthBy?.value
    return style
  }

  /// The format asked for, or that of the file's ending; else what a terminal or a pipe reads best.
  /// - Parameter orList: whether the file may be a list's too.
  func format(_ named: PictureFormat?, for output: FileArgument?, orList: Bool = false) throws
    -> PictureFormat
  {
    if into != nil {
      if output != nil || open || named?.isMermaid == false {
        throw KVError(
          .usage, "--into puts Mermaid into its own file, and goes without -o, --open and other formats")
      }
      return .markdown
    }
    if let named { return named }
    guard let output else { return open ? .svg : Output.isTerminal ? .text : .dot }
    guard let format = output.ending.flatMap(PictureFormat.init(ending:)) else {
      let endings = PictureFormat.endings + (orList ? ", .jsonl, .csv" : "")
      throw KVError(.usage, "\(output): unknown ending; expected \(endings), or --format")
    }
    return format
  }
}

/// `1200x800`.
struct PixelSize: ExpressibleByArgument {
  var width: Int
  var height: Int

  init(width: Int, height: Int) { (self.width, self.height) = (width, height) }

  init?(argument: String) {
    let parts = argument.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let width = parts[0], let height = parts[1], width > 0, height > 0 else {
      return nil
    }
    (self.width, self.height) = (width, height)
  }
}

/// `User=ellipse`.
struct ShapeChoice: ExpressibleByArgument {
  var group: String
  var shape: NodeShape

  init?(argument: String) {
    guard let sign = argument.lastIndex(of: "="), let group = Text(argument: String(argument[..<sign])),
      let shape = NodeShape(rawValue: String(argument[argument.index(after: sign)...]))
    else { return nil }
    (self.group, self.shape) = (group.value, shape)
  }
}

extension Style.Theme: ExpressibleByArgument {}
extension Style.Direction: ExpressibleByArgument {}
