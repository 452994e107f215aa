extension Int {
  /// So many of something, for people: `1 edge`, `2 edges`.
  func counted(_ one: String, _ several: String) -> String { "\(self) \(self == 1 ? one : several)" }
}
