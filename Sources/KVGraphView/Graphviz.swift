import CGraphviz
import KV
import KVGraph

/// Graphviz's own library. It is neither thread-safe nor interruptible: one render at a time, and a caller that wants a
/// time limit renders in a child process.
public enum Graphviz {
  /// The format of a picture.
  public enum Format: String, Sendable, CaseIterable {
    /// `png` and `pdf` need an installed font; `svg` leaves its fonts to whatever shows it.
    case svg, png, pdf
  }

  /// How nodes are placed. Raw values are Graphviz's names.
  public enum Layout: String, Sendable, CaseIterable {
    /// `dot`: in ranks, along ``Style/direction``. `neato` and `fdp`: by springs between nodes. `sfdp`: the same for large graphs.
    /// `circo`: on circles. `twopi`: on rings around one node.
    case dot, sfdp, neato, fdp, circo, twopi
    /// By springs, where a ``Drawing/Plan`` has put them, and Graphviz only draws: fast whatever the size and shape. Needs a drawing
    /// with a style: without one there are no positions in its DOT.
    case force = "nop"

    /// Whether it puts boxes around nodes that stand together.
    public var drawsClusters: Bool { self == .dot || self == .fdp }

    /// The layouts to try in turn, the last fast for whatever there is. `dot` draws best what has a direction, but its time grows with
    /// more than the square of the edges.
    public static func suited(to drawing: Drawing) -> [Layout] {
      let count = drawing.edges.count
      if drawing.style?.clusters == true, count <= 600 { return [.dot, .fdp, .force] }
      return count <= 300 ? [.dot, .force] : [.force]
    }
  }

  /// Draws a graph written in DOT. SVG names nothing outside of itself.
  ///
  /// Blocks its thread, and cannot be cancelled. Throws failed where Graphviz or a font is missing, or Graphviz reports that it
  /// cannot read, lay out or draw the graph.
  public static func render(dot: String, format: Format, layout: Layout) throws -> [UInt8] {
    let image = try draw(dot, format, layout)
    return switch format {
    case .svg: SVG.tidied(image)
    case .pdf: timeless(image)
    case .png: image
    }
  }

  /// Without the time at which it was drawn, so that the same graph gives the same bytes. What stands there is as long as before, for a PDF
  /// says where its parts begin.
  private static func timeless(_ pdf: [UInt8]) -> [UInt8] {
    let name = Array("/CreationDate (D:".utf8)
    var pdf = pdf
    var place = 0
    while let found = pdf[place...].firstRange(of: name) {
      place = found.upperBound
      for digit in Array("19700101000000".utf8) where place < pdf.count && (0x30...0x39).contains(pdf[place])
      {
        pdf[place] = digit
        place += 1
      }
    }
    return pdf
  }

  /// What an SVG of ``render(dot:format:layout:)`` takes, in points; `nil` for what is none.
  public static func size(of svg: [UInt8]) -> (width: Double, height: Double)? { SVG.size(of: svg) }

  private static func draw(_ dot: String, _ format: Format, _ layout: Layout) throws -> [UInt8] {
    try GraphvizLock.mutex.withLock { _ in
      if let reason = kv_graphviz_missing() {
        throw KVError(.failed, "pictures need Graphviz: \(String(cString: reason))")
      }
      if format != .svg, kv_graphviz_lacks_fonts() {
        throw KVError(
          .failed, "\(format) needs a font, and none is installed; install fonts-dejavu-core, or draw an svg")
      }
      guard let context = gvContext() else { throw KVError(.failed, "Graphviz does not start") }
      defer { gvFreeContext(context) }
      guard let graph = agmemread(dot) else { throw KVError(.failed, "Graphviz does not read the graph") }
      defer { agclose(graph) }
      guard gvLayout(context, graph, layout.rawValue) == 0 else {
        throw KVError(.failed, "Graphviz found no layout '\(layout.rawValue)'")
      }
      defer { gvFreeLayout(context, graph) }
      var data: UnsafeMutablePointer<CChar>?
      var length: UInt32 = 0
      guard gvRenderData(context, graph, format.rawValue, &data, &length) == 0, let data, length > 0 else {
        throw KVError(.failed, "Graphviz cannot draw \(format.rawValue); is its pango plugin installed?")
      }
      defer { gvFreeRenderData(data) }
      return data.withMemoryRebound(to: UInt8.self, capacity: Int(length)) {
        Array(UnsafeBufferPointer(start: $0, count: Int(length)))
      }
    }
  }
}
