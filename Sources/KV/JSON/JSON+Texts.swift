extension JSON {
  /// With each text as this library writes it: `é` for `\u00e9`, `/` for `\/`.
  package var withPlainTexts: JSON {
    guard text.utf8.contains(UInt8(ascii: "\\")) else { return self }
    return withBytes { bytes in
      var result: [UInt8] = []
      result.reserveCapacity(bytes.count)
      var index = 0
      while index < bytes.count {
        guard bytes[index] == UInt8(ascii: "\"") else {
          result.append(bytes[index])
          index += 1
          continue
        }
        let end = bytes.endOfString(from: index) + 1
        let literal = JSON(trusted: Array(bytes[index..<end]))
        result += (literal.string.map { JSON($0) } ?? literal).text.utf8
        index = end
      }
      return JSON(trusted: result)
    }
  }
}
