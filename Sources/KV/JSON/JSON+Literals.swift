// There is no literal for `null`: `nil` beside an optional value would mean either.

extension JSON: ExpressibleByStringLiteral {
  /// A string.
  public init(stringLiteral value: String) { self.init(value) }
}

extension JSON: ExpressibleByIntegerLiteral {
  /// A whole number.
  public init(integerLiteral value: Int) { self.init(value) }
}

extension JSON: ExpressibleByFloatLiteral {
  /// A number, whole ones without a fraction.
  public init(floatLiteral value: Double) { self.init(value) }
}

extension JSON: ExpressibleByBooleanLiteral {
  /// `true` or `false`.
  public init(booleanLiteral value: Bool) { self.init(value) }
}

extension JSON: ExpressibleByArrayLiteral {
  /// An array of these elements.
  public init(arrayLiteral elements: JSON...) { self.init(elements: elements) }
}

extension JSON: ExpressibleByDictionaryLiteral {
  /// An object with these members in this order. Of those with the same name the last stays.
  public init(dictionaryLiteral members: (String, JSON)...) { self.init(members: members) }
}
