extension Duration {
  /// The number of seconds, rounded to so many digits after the point.
  func seconds(digits: Int) -> String {
    let scale = (0..<digits).reduce(1) { scale, _ in scale * 10 }
    let units = Int((self / .seconds(1) * Double(scale)).rounded())
    if digits == 0 { return "\(units)" }
    let fraction = String(units % scale)
    return "\(units / scale)." + String(repeating: "0", count: digits - fraction.utf8.count) + fraction
  }
}
