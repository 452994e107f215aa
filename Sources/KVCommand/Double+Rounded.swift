extension Double {
  /// With so many digits behind the point; itself where it is too large to have any.
  func rounded(digits: Int) -> Double {
    let scale = (0..<digits).reduce(1.0) { scale, _ in scale * 10 }
    return magnitude < 0x1p53 / scale ? (self * scale).rounded() / scale : self
  }
}
