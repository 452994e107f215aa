extension String {
  /// How many columns of a terminal it takes.
  package var columns: Int {
    utf8.allSatisfy { $0 < 0x80 } ? utf8.count : reduce(0) { $0 + $1.columns }
  }

  /// As much as fits into the columns left, of which it takes its part; all that are left where something is cut off.
  package func fitted(to left: inout Int) -> String {
    var shown = ""
    for character in self {
      guard character.columns <= left else {
        left = 0
        return shown
      }
      left -= character.columns
      shown.append(character)
    }
    return shown
  }
}

extension Character {
  /// How wide a terminal draws it (East Asian Width, Unicode standard annex 11, in outline).
  fileprivate var columns: Int {
    guard let scalar = unicodeScalars.first else { return 0 }
    switch scalar.value {
    case 0..<0x300: return 1
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
      0xFFE0...0xFFE6, 0x20000...0x3FFFD:
      return 2
    default: return scalar.properties.isEmojiPresentation || unicodeScalars.contains("\u{FE0F}") ? 2 : 1
    }
  }
}
