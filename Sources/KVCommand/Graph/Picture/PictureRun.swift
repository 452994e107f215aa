import KVGraphView

/// Draws with one layout: first to see how large that is, then in the direction and the size that suit.
struct PictureRun {
  private var plan: Drawing.Plan
  private let drawing: Drawing
  private let format: Graphviz.Format
  private let timeout: Duration
  private let size: PixelSize?
  private let scale: Double

  /// More pixels than this are seldom seen at once.
  private static let largest = PixelSize(width: 3000, height: 3000)
  /// Pictures are wider than high.
  private static let aspect = 1.4

  init(
    _ drawing: Drawing, by layout: Graphviz.Layout, as format: Graphviz.Format, timeout: Duration,
    size: PixelSize?, scale: Double, hasHeader: Bool
  ) {
    plan = Drawing.Plan(drawing, by: layout)
    plan.hasHeader = hasHeader
    (self.drawing, self.format, self.timeout, self.size, self.scale) = (drawing, format, timeout, size, scale)
  }

  func image() async throws -> [UInt8] {
    var plan = plan
    var svg = try await render(plan, .svg)
    guard var own = Graphviz.size(of: svg) else { return svg }
    if plan.layout == .dot, drawing.style?.direction == nil, !(0.5...2.5).contains(own.width / own.height) {
      var other = plan
      other.direction = .topToBottom
      let image = try await render(other, .svg)
      if let size = Graphviz.size(of: image), Self.distance(size) < Self.distance(own) {
        (plan, svg, own) = (other, image, size)
      }
    }
    let limit = size ?? (format == .png ? Self.largest : nil)
    var canvas = canvas(fitting: own, within: limit)
    if format == .svg, canvas.factor == 1 { return svg }
    if canvas.factor < 0.8 * scale {
      // The legend is written larger then, and takes more room.
      plan.canvas = canvas
      if let size = Graphviz.size(of: try await render(plan, .svg)) {
        canvas = self.canvas(fitting: canvas.ownSize(of: size), within: limit)
      }
    }
    plan.canvas = canvas
    let image = try await render(plan, format)
    if size == nil, canvas.factor < scale {
      Output.note(
        "kv: the picture is \(canvas.width)x\(canvas.height) pixels, \(Int(canvas.factor / scale * 100)) % of its own size; --size and --scale make it larger"
      )
    }
    return image
  }

  private func canvas(fitting size: (width: Double, height: Double), within limit: PixelSize?) -> Canvas {
    Canvas(
      fitting: size, within: limit.map { ($0.width, $0.height) }, scale: scale, isBitmap: format == .png)
  }

  private static func distance(_ size: (width: Double, height: Double)) -> Double {
    let ratio = size.width / size.height / aspect
    return max(ratio, 1 / ratio)
  }

  private func render(_ plan: Drawing.Plan, _ format: Graphviz.Format) async throws -> [UInt8] {
    try await Render.inChildProcess(plan.dot, as: format, layout: plan.layout, timeout: timeout)
  }
}
