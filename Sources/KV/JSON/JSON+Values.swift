extension JSON {
  /// A number, whole ones without a fraction. What JSON has no number for, the infinite and what is none, is `null`.
  public init(_ number: Double) {
    guard number.isFinite else {
      self = .null
      return
    }
    if let integer = Int(exactly: number) { self.init(integer) } else { self.init(trusted: "\(number)") }
  }

  /// The value of a number without a fraction or an exponent that an `Int` holds; `nil` for any other value.
  public var integer: Int? { kind == .number ? Int(text) : nil }

  /// The value of a number, rounded to what a `Double` holds; `nil` for any other kind, and for a number too large.
  public var double: Double? { kind == .number ? Double(text).flatMap { $0.isFinite ? $0 : nil } : nil }

  /// The value of `true` or `false`; `nil` for any other kind.
  public var boolean: Bool? { kind == .boolean ? text == "true" : nil }

  /// An element of an array by its place, from 0; `nil` where there is none, and for any other kind. Cost: linear in the text.
  public subscript(index: Int) -> JSON? {
    guard let elements, elements.indices.contains(index) else { return nil }
    return elements[index]
  }
}
