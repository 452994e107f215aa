import CGraphviz
import KV
import Synchronization

/// Graphviz's own library. It is neither thread-safe nor interruptible: one render at a time, and a caller that wants a
/// time limit renders in a child process.
public enum Graphviz {
  public enum Format: String, Sendable, CaseIterable {
    case svg, png, pdf
  }

  public enum Layout: String, Sendable, CaseIterable {
    case dot, sfdp, neato, fdp, circo, twopi

    /// `dot` draws best, but its time grows with more than the square of the edges.
    public static func suited(toEdges count: Int) -> Layout { count <= 300 ? .dot : .sfdp }
  }

  private static let lock = Mutex(())

  /// Draws a graph written in DOT.
  public static func render(dot: String, format: Format, layout: Layout) throws -> [UInt8] {
    try lock.withLock { _ in
      if let reason = kv_graphviz_missing() {
        throw KVError(.failed, "pictures need Graphviz: \(String(cString: reason))")
      }
      guard let context = gvContext() else { throw KVError(.failed, "Graphviz does not start") }
      defer { gvFreeContext(context) }
      guard let graph = agmemread(dot) else { throw KVError(.failed, "Graphviz does not read the graph") }
      defer { agclose(graph) }
      setDefaults(of: graph, layout)
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

  private static func setDefaults(of graph: UnsafeMutablePointer<Agraph_t>, _ layout: Layout) {
    func set(_ kind: Int32, _ name: String, _ value: String) {
      name.withCString { name in
        value.withCString { value in
          // cgraph copies both, though its C interface does not say const.
          _ = agattr(graph, kind, UnsafeMutablePointer(mutating: name), UnsafeMutablePointer(mutating: value))
        }
      }
    }
    set(AGRAPH, "fontname", "DejaVu Sans")
    set(AGNODE, "fontname", "DejaVu Sans")
    set(AGNODE, "fontsize", "13")
    set(AGEDGE, "fontname", "DejaVu Sans")
    set(AGEDGE, "fontsize", "10")
    set(AGEDGE, "color", "#555555")
    set(AGRAPH, "bgcolor", "white")
    set(AGRAPH, "pad", "0.2")
    if layout != .dot {
      set(AGRAPH, "overlap", "prism")
      set(AGRAPH, "outputorder", "edgesfirst")
    }
  }
}
