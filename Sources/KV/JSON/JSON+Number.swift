extension JSON {
  /// How two numbers compare, to the last digit, whatever their size: below 0 where this one is less, 0 where they are equal.
  /// `nil` where one of them is no number.
  package func numericOrder(to other: JSON) -> Int? {
    guard kind == .number, other.kind == .number else { return nil }
    if let left = Int(text), let right = Int(other.text) { return left < right ? -1 : left == right ? 0 : 1 }
    return Decimal(text).order(to: Decimal(other.text))
  }
}

/// A decimal number: 0.DIGITS times ten to the power of the exponent.
private struct Decimal {
  private var isNegative = false
  /// Without zeros at either end; none for zero.
  private var digits: ArraySlice<UInt8>
  private var exponent: Int

  /// - Parameter text: a JSON number.
  init(_ text: String) {
    var rest = Array(text.utf8)[...]
    isNegative = rest.first == UInt8(ascii: "-")
    if isNegative { rest.removeFirst() }
    let mantissa = rest.prefix { $0 != UInt8(ascii: "e") && $0 != UInt8(ascii: "E") }
    let power = String(decoding: rest.dropFirst(mantissa.count + 1), as: UTF8.self)
    let whole = mantissa.prefix { $0 != UInt8(ascii: ".") }
    let all = Array(whole + mantissa.dropFirst(whole.count + 1))
    let zeros = all.prefix { $0 == UInt8(ascii: "0") }.count
    digits = all[zeros...]
    while digits.last == UInt8(ascii: "0") { digits.removeLast() }
    // Further than that no two exponents need to be told apart, but by their signs.
    let limit = Int.max / 4
    let given = power.isEmpty ? 0 : Int(power) ?? (power.hasPrefix("-") ? -limit : limit)
    exponent = min(max(given, -limit), limit) + whole.count - zeros
    if digits.isEmpty { (isNegative, exponent) = (false, 0) }
  }

  func order(to other: Decimal) -> Int {
    if isNegative != other.isNegative { return isNegative ? -1 : 1 }
    let size = sizeOrder(to: other)
    return isNegative ? -size : size
  }

  private func sizeOrder(to other: Decimal) -> Int {
    if digits.isEmpty || other.digits.isEmpty { return digits.count.signum() - other.digits.count.signum() }
    if exponent != other.exponent { return exponent < other.exponent ? -1 : 1 }
    if digits.elementsEqual(other.digits) { return 0 }
    return digits.lexicographicallyPrecedes(other.digits) ? -1 : 1
  }
}
