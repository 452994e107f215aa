extension JSON: Codable {
  /// Decodes any value. Numbers come as the decoder can hold them: Foundation's keeps whole numbers of 64 bits and rounds others to
  /// a `Double`. To read a text to the letter, use ``init(parsing:)-(String)``.
  public init(from decoder: any Decoder) throws {
    if let container = try? decoder.container(keyedBy: Name.self) {
      self.init(
        members: try container.allKeys.map { ($0.stringValue, try container.decode(JSON.self, forKey: $0)) })
    } else if var container = try? decoder.unkeyedContainer() {
      var elements: [JSON] = []
      while !container.isAtEnd { elements.append(try container.decode(JSON.self)) }
      self.init(elements: elements)
    } else {
      self = try Self(scalar: decoder.singleValueContainer())
    }
  }

  private init(scalar container: any SingleValueDecodingContainer) throws {
    if container.decodeNil() {
      self = .null
    } else if let boolean = try? container.decode(Bool.self) {
      self.init(boolean)
    } else if let integer = try? container.decode(Int.self) {
      self.init(integer)
    } else if let number = try? container.decode(Double.self) {
      self.init(number)
    } else {
      self.init(try container.decode(String.self))
    }
  }

  /// Encodes the value, with numbers as an `Int` or a `Double` holds them. To write a text to the letter, use ``text``.
  public func encode(to encoder: any Encoder) throws {
    switch kind {
    case .object:
      var container = encoder.container(keyedBy: Name.self)
      for (name, value) in members ?? [] { try container.encode(value, forKey: Name(name)) }
    case .array:
      var container = encoder.unkeyedContainer()
      for element in elements ?? [] { try container.encode(element) }
    case .string, .number, .boolean, .null:
      var container = encoder.singleValueContainer()
      if let string {
        try container.encode(string)
      } else if let integer {
        try container.encode(integer)
      } else if let double {
        try container.encode(double)
      } else if let boolean {
        try container.encode(boolean)
      } else if kind == .null {
        try container.encodeNil()
      } else {
        throw EncodingError.invalidValue(
          self,
          EncodingError.Context(codingPath: encoder.codingPath, debugDescription: "the number is too large"))
      }
    }
  }

  private struct Name: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { return nil }
  }
}
