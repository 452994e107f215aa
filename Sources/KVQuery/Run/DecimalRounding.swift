/// Where a decimal number goes that lies between two others.
enum DecimalRounding: String, CaseIterable {
  case up = "UP"
  case down = "DOWN"
  case ceiling = "CEILING"
  case floor = "FLOOR"
  case halfUp = "HALF_UP"
  case halfDown = "HALF_DOWN"
  case halfEven = "HALF_EVEN"

  /// Whether away from zero.
  /// - Parameters:
  ///   - rest: how what is dropped compares with a half: below 0, 0 or above.
  ///   - isOdd: whether the last digit that stays is odd.
  fileprivate func isAway(_ rest: Int, isOdd: Bool, isNegative: Bool) -> Bool {
    switch self {
    case .up: true
    case .down: false
    case .ceiling: !isNegative
    case .floor: isNegative
    case .halfUp: rest >= 0
    case .halfDown: rest > 0
    case .halfEven: rest > 0 || rest == 0 && isOdd
    }
  }
}

extension Double {
  /// Rounded as it is written in decimal digits, the fewest that name it: 1.005 to two places is 1.01, though the number itself is a little less.
  func rounded(toPlaces places: Int, _ mode: DecimalRounding) -> Double {
    guard isFinite, self != 0 else { return self }
    let parts = "\(magnitude)".split(separator: "e")
    let mantissa = parts[0].split(separator: ".")
    let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    let digits = mantissa.joined().compactMap(\.wholeNumberValue)
    // How many of the digits stand before the point; more than there are where zeros follow.
    let before = mantissa[0].count + exponent
    let (kept, isOver) = before.addingReportingOverflow(places)
    if isOver || kept >= digits.count { return self }
    let dropped = kept < 0 ? [0] + digits : Array(digits[kept...])
    if dropped.allSatisfy({ $0 == 0 }) { return self }
    let rest = dropped[0] != 5 ? dropped[0] - 5 : dropped.dropFirst().allSatisfy { $0 == 0 } ? 0 : 1
    // At most 17 digits.
    let whole = digits.prefix(Swift.max(kept, 0)).reduce(UInt64(0)) { $0 * 10 + UInt64($1) }
    let isAway = mode.isAway(rest, isOdd: whole % 2 == 1, isNegative: self < 0)
    let result = Double("\(whole + (isAway ? 1 : 0))e-\(places)") ?? magnitude
    return self < 0 && result != 0 ? -result : result
  }
}
