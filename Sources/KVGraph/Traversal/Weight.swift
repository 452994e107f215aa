import KV

/// A weight, or a sum of weights: two numbers, of which the second holds what the first rounds away, so that whole numbers are
/// exact up to 106 bits and two sums that differ are told apart ("double-double", T. J. Dekker, Numer. Math. 18, 1971).
public struct Weight: Sendable, Hashable, Comparable, AdditiveArithmetic {
  /// No weight.
  public static let zero = Weight(0)

  private var high: Double
  private var low = 0.0

  /// A weight of this value.
  /// - Parameter value: finite, which is not checked.
  public init(_ value: Double) { high = value }

  /// A weight of this whole number, exactly.
  /// - Parameter whole: at least 0, which is not checked.
  public init(whole: Int) {
    self.init(whole: Int128(whole))
  }

  /// A JSON number of at least 0. Whole numbers are exact; `nil` where it is negative, or too large for a `Double`.
  init?(number text: String) {
    guard let value = Double(text), value >= 0, value.isFinite else { return nil }
    // Beyond that a `Double` may be another whole number.
    if value >= 0x1p53, let whole = Int128(text) { self.init(whole: whole) } else { self.init(value) }
  }

  private init(whole: Int128) {
    high = Double(whole)
    low = Int128(exactly: high).map { Double(whole - $0) } ?? 0
  }

  /// The sum rounded to a `Double`.
  public var value: Double { high }
  /// Whether the sum is within the range of `Double`.
  var isFinite: Bool { high.isFinite }

  /// The sum of two weights; not finite where it is too large for a `Double`.
  public static func + (left: Weight, right: Weight) -> Weight {
    var sum = Weight(left.high + right.high)
    guard sum.high.isFinite else { return sum }
    let part = sum.high - left.high
    let rest = (left.high - (sum.high - part)) + (right.high - part) + (left.low + right.low)
    let rounded = sum.high + rest
    sum.low = rest - (rounded - sum.high)
    sum.high = rounded
    return sum
  }

  /// The difference of two weights; below 0 where the second is the larger.
  public static func - (left: Weight, right: Weight) -> Weight {
    var negated = Weight(-right.high)
    negated.low = -right.low
    return left + negated
  }

  /// Whether the first weight is the smaller, to the last digit that is kept.
  public static func < (left: Weight, right: Weight) -> Bool {
    left.high != right.high ? left.high < right.high : left.low < right.low
  }
}

extension JSON {
  /// A number: whole sums to the last digit, others rounded to a `Double`; `null` where the sum is not finite.
  public init(_ weight: Weight) { self = weight.json }
}

extension Weight {
  fileprivate var json: JSON {
    guard let whole = Int128(exactly: high), let rest = Int128(exactly: low), whole != 0 || rest != 0 else {
      return JSON(high)
    }
    return JSON(trusted: "\(whole + rest)")
  }
}
