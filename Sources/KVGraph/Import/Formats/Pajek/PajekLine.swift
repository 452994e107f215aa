import KV

/// A line of a Pajek file taken apart at blanks; what stands in quotes is one field.
struct PajekLine {
  struct Field {
    var text: String
    var isQuoted = false

    var number: Int? { isQuoted ? nil : Int(text) }
    var isNumber: Bool { !isQuoted && ImportedNumber.isOne(text) }
    var isInterval: Bool { !isQuoted && text.hasPrefix("[") && text.hasSuffix("]") }
  }

  var fields: [Field]

  /// `nil` where a quote does not end or the line is not UTF-8.
  init?(_ bytes: ArraySlice<UInt8>) {
    // A label may end in a backslash, and it may have a quote behind one.
    let escaped = bytes.contains(UInt8(ascii: "\\")) ? Self.fields(bytes, hasEscapes: true) : nil
    guard let fields = escaped ?? Self.fields(bytes, hasEscapes: false) else { return nil }
    self.fields = fields
  }

  private static func fields(_ bytes: ArraySlice<UInt8>, hasEscapes: Bool) -> [Field]? {
    var fields: [Field] = []
    var rest = bytes.drop { $0.isBlank }
    while let first = rest.first {
      var text: [UInt8] = []
      let isQuoted = first == UInt8(ascii: "\"")
      if isQuoted {
        rest.removeFirst()
        var isOpen = true
        while isOpen {
          guard let byte = rest.popFirst() else { return nil }
          if hasEscapes, byte == UInt8(ascii: "\\"), rest.first == UInt8(ascii: "\"") {
            text.append(UInt8(ascii: "\""))
            rest.removeFirst()
          } else if byte == UInt8(ascii: "\"") {
            isOpen = false
          } else {
            text.append(byte)
          }
        }
      } else {
        let word = rest.prefix { !$0.isBlank }
        text += word
        rest = rest.dropFirst(word.count)
      }
      guard let string = String(validating: text, as: UTF8.self) else { return nil }
      fields.append(Field(text: CharacterReferences.decoded(string, byName: false), isQuoted: isQuoted))
      rest = rest.drop { $0.isBlank }
    }
    return fields
  }
}

extension PajekLine.Field {
  /// A number in quotes is a text.
  func value(isText: Bool) -> JSON {
    isNumber
      ? ImportedNumber.value(of: text, isText: isText)
      : isQuoted ? JSON(text) : ImportedValue.of(text, isText: isText)
  }
}

extension [PajekLine.Field] {
  /// Adds `name value` pairs and intervals of time.
  /// - Returns: what is wrong, where a name has no value.
  func addPairs(to attributes: inout ElementAttributes, isText: Bool) -> String? {
    var rest = self[...]
    while let name = rest.popFirst() {
      if name.isInterval {
        attributes.set("interval", JSON(name.text))
        continue
      }
      guard let value = rest.popFirst() else { return "the attribute \(JSON.shown(name.text)) has no value" }
      attributes.set(name.text, value.value(isText: isText))
    }
    return nil
  }
}
