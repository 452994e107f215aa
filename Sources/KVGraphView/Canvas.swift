/// How large a picture is: whole pixels, for the last row would be half transparent otherwise, and no more than are wanted.
public struct Canvas: Sendable {
  /// In pixels of 1/96 inch.
  public var width, height: Int
  /// How large things are, beside their own size.
  public var factor: Double
  /// How much room is left around the drawing, in points.
  var padding: (x: Double, y: Double)
  private let isByResolution: Bool

  /// What is left free where nothing has to be made whole, in points.
  static let margin = 22.0

  /// Four pixels are three points: Graphviz makes whole points of a picture, and of these pixels.
  private static let step = 4.0

  /// - Parameters:
  ///   - size: what the drawing takes by itself with a margin, in points, such as `Graphviz.size(of:)` tells.
  ///   - limit: the largest width and height in pixels, before the scale; `nil` for any.
  ///   - scale: how many pixels a pixel becomes.
  ///   - isBitmap: whether it is made of pixels.
  public init(
    fitting size: (width: Double, height: Double), within limit: (width: Int, height: Int)?,
    scale: Double = 1,
    isBitmap: Bool
  ) {
    let own = (width: size.width * 96 / 72, height: size.height * 96 / 72)
    // More than any picture has, and a number in any case.
    let most = 1e9
    let scale = scale.isFinite ? min(max(scale, 1e-6), 1e6) : 1
    var factor = 1.0
    func whole(_ pixels: Double, _ rule: FloatingPointRoundingRule) -> Int {
      max(Int((min(pixels, most) / Self.step).rounded(rule) * Self.step), Int(Self.step))
    }
    if let limit {
      let (width, height) = (whole(Double(limit.width), .down), whole(Double(limit.height), .down))
      factor = min(1, Double(width) / own.width, Double(height) / own.height)
    }
    factor *= scale
    self.factor = factor
    // What is whole but for its last digits is not rounded up.
    width = whole(own.width * factor - 0.01, .up)
    height = whole(own.height * factor - 0.01, .up)
    // A little more than whole pixels, for a size is told in two digits.
    isByResolution = isBitmap && factor.rounded() == factor
    let surplus = isByResolution ? 0.1 : 0
    padding = (
      Self.margin + ((Double(width) + surplus) / factor - own.width) * 72 / 96 / 2,
      Self.margin + ((Double(height) + surplus) / factor - own.height) * 72 / 96 / 2
    )
  }

  /// What a drawing takes by itself, in points, that takes `size` on this canvas.
  public func ownSize(of size: (width: Double, height: Double)) -> (width: Double, height: Double) {
    (
      size.width / factor - 2 * (padding.x - Self.margin),
      size.height / factor - 2 * (padding.y - Self.margin)
    )
  }

  /// In Graphviz's words. The resolution is exact; a size, in which "!" says that smaller drawings grow, is one of whole points.
  var attributes: [String] {
    [
      "pad=\"\(padding.x / 72),\(padding.y / 72)\"",
      isByResolution
        ? "dpi=\(96 * factor)" : "size=\"\(Double(width) / 96),\(Double(height) / 96)!\"",
    ]
  }
}
