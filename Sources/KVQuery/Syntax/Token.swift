import KV

/// A word of a query.
struct Token: Sendable, Equatable {
  enum Kind: Sendable, Equatable {
    /// A name or a keyword, as it was written; quoted ones are no keywords.
    case word(String, isQuoted: Bool)
    case string(String)
    case integer(String)
    case float(String)
    case parameter(String)
    /// An operator or a bracket.
    case sign(String)
    case end
  }

  var kind: Kind
  var place: Place
  /// Where it stands in the text, in scalars.
  var range: Range<Int> = 0..<0

  /// As an error message names it.
  var name: String {
    switch kind {
    case .word(let text, _), .integer(let text), .float(let text), .sign(let text): "'\(text)'"
    case .string: "a string"
    case .parameter(let name): "'$\(name)'"
    case .end: "the end"
    }
  }
}

/// Takes a query apart into words.
struct Lexer {
  private let scalars: [Unicode.Scalar]
  private var position = 0
  private var place = Place(line: 1, column: 1)
  private var tokens: [Token] = []

  static func tokens(of text: String) throws -> [Token] {
    var lexer = Lexer(scalars: Array(text.unicodeScalars))
    while try lexer.readToken() {}
    return lexer.tokens
  }

  private init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

  private func peek(_ offset: Int = 0) -> Unicode.Scalar? {
    position + offset < scalars.count ? scalars[position + offset] : nil
  }

  @discardableResult
  private mutating func take() -> Unicode.Scalar {
    let scalar = scalars[position]
    position += 1
    if scalar == "\n" { place = Place(line: place.line + 1, column: 1) } else { place.column += 1 }
    return scalar
  }

  private mutating func skipBlanks() throws {
    while let scalar = peek() {
      if scalar.properties.isWhitespace || scalar.properties.generalCategory == .format {
        take()
      } else if scalar == "/", peek(1) == "/" {
        while peek() != nil, peek() != "\n" { take() }
      } else if scalar == "/", peek(1) == "*" {
        let start = place
        take()
        take()
        while peek() != "*" || peek(1) != "/" {
          if peek() == nil { throw start.error("the comment has no end") }
          take()
        }
        take()
        take()
      } else {
        return
      }
    }
  }

  /// - Returns: false behind the last.
  private mutating func readToken() throws -> Bool {
    try skipBlanks()
    let (start, first) = (place, position)
    guard let scalar = peek() else {
      tokens.append(Token(kind: .end, place: start, range: first..<first))
      return false
    }
    let kind: Token.Kind
    if Self.beginsWord(scalar) {
      kind = .word(readWord(), isQuoted: false)
    } else if scalar == "`" {
      kind = .word(try readQuoted("`", start), isQuoted: true)
    } else if scalar == "'" || scalar == "\"" {
      kind = .string(try readString(scalar, start))
    } else if Self.isDigit(scalar) || scalar == "." && peek(1).map(Self.isDigit) == true && !followsValue {
      kind = try readNumber(start)
    } else if scalar == "$" {
      take()
      guard let next = peek() else { throw start.error("the parameter has no name") }
      if next == "`" {
        kind = .parameter(try readQuoted("`", start))
      } else if Self.continuesWord(next) {
        kind = .parameter(readWord())
      } else {
        let hint = next == "(" ? "; $name IN labels(n) asks for a label that a parameter names" : ""
        throw start.error("the parameter has no name\(hint)")
      }
    } else {
      kind = .sign(try readSign(start))
    }
    tokens.append(Token(kind: kind, place: start, range: first..<position))
    return true
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }
  private static func beginsWord(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "_" || scalar.properties.isXIDStart
      || scalar.properties.generalCategory == .connectorPunctuation
  }
  private static func continuesWord(_ scalar: Unicode.Scalar) -> Bool {
    beginsWord(scalar) || scalar.properties.isXIDContinue
  }

  /// Whether a dot here leads to a member: `a.1` is no number behind `a`.
  private var followsValue: Bool {
    switch tokens.last?.kind {
    case .word, .parameter, .sign(")"), .sign("]"), .sign("}"), .string:
      tokens.last?.kind != nil && position > 0 && !scalars[position - 1].properties.isWhitespace
    default: false
    }
  }

  private mutating func readWord() -> String {
    var text = String.UnicodeScalarView()
    while let scalar = peek(), Self.continuesWord(scalar) { text.append(take()) }
    return String(text)
  }

  private mutating func readQuoted(_ quote: Unicode.Scalar, _ start: Place) throws -> String {
    take()
    var text = String.UnicodeScalarView()
    while let scalar = peek() {
      take()
      if scalar != quote {
        text.append(scalar)
      } else if peek() == quote {
        text.append(take())
      } else {
        if text.isEmpty { throw start.error("the name is empty") }
        return String(text)
      }
    }
    throw start.error("the name has no end")
  }

  private mutating func readString(_ quote: Unicode.Scalar, _ start: Place) throws -> String {
    take()
    var text = String.UnicodeScalarView()
    while let scalar = peek() {
      let before = place
      take()
      if scalar == quote { return String(text) }
      guard scalar == "\\" else {
        text.append(scalar)
        continue
      }
      guard let escape = peek() else { break }
      take()
      switch escape {
      case "n": text.append("\n")
      case "t": text.append("\t")
      case "r": text.append("\r")
      case "b": text.append("\u{8}")
      case "f": text.append("\u{C}")
      case "\\", "'", "\"", "`", "/": text.append(escape)
      case "u", "U":
        text.append(try readEscape(escape == "u" ? 4 : 8, before))
      default: throw before.error("\\\(escape) is no escape")
      }
    }
    throw start.error("the string has no end")
  }

  private mutating func readEscape(_ digits: Int, _ start: Place) throws -> Unicode.Scalar {
    func unit() throws -> UInt32 {
      var hex = ""
      for _ in 0..<digits {
        guard let digit = peek(), digit.properties.isASCIIHexDigit else {
          throw start.error("\\u needs \(digits) hexadecimal digits")
        }
        hex.unicodeScalars.append(take())
      }
      return UInt32(hex, radix: 16) ?? 0
    }
    let first = try unit()
    if let scalar = Unicode.Scalar(first) { return scalar }
    // A pair of surrogates.
    if digits == 4, (0xD800..<0xDC00).contains(first), peek() == "\\", peek(1) == "u" {
      take()
      take()
      let second = try unit()
      if (0xDC00..<0xE000).contains(second),
        let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
      {
        return scalar
      }
    }
    throw start.error("the escape names no character")
  }

  private mutating func readNumber(_ start: Place) throws -> Token.Kind {
    var text = ""
    if peek() == "0", let base = peek(1), "xXoO".unicodeScalars.contains(base) {
      take()
      take()
      text = base == "x" || base == "X" ? "0x" : "0o"
      while let digit = peek(), Self.continuesWord(digit) { text.unicodeScalars.append(take()) }
      return .integer(text)
    }
    var isFloat = false
    while let digit = peek(), Self.isDigit(digit) { text.unicodeScalars.append(take()) }
    if peek() == ".", peek(1).map(Self.isDigit) == true {
      isFloat = true
      text.unicodeScalars.append(take())
      while let digit = peek(), Self.isDigit(digit) { text.unicodeScalars.append(take()) }
    }
    if let sign = peek(), sign == "e" || sign == "E" {
      let isSigned = peek(1) == "-" || peek(1) == "+"
      if let digit = peek(isSigned ? 2 : 1), Self.isDigit(digit) {
        isFloat = true
        text.unicodeScalars.append(take())
        if isSigned { text.unicodeScalars.append(take()) }
        while let digit = peek(), Self.isDigit(digit) { text.unicodeScalars.append(take()) }
      }
    }
    if let next = peek(), Self.continuesWord(next) { throw start.error("'\(text)\(next)' is no number") }
    return isFloat ? .float(text) : .integer(text)
  }

  private static let signs = [
    "<>", "<=", ">=", "=~", "..", "+=", "||", "->", "<-", "<", ">", "=", "+", "-", "*", "/", "%", "^", "~",
    "(",
    ")",
    "[", "]",
    "{", "}", ",", ".", ":", ";", "|", "&", "!", "?",
  ].map { Array($0.unicodeScalars) }

  private mutating func readSign(_ start: Place) throws -> String {
    for sign in Self.signs where sign.indices.allSatisfy({ peek($0) == sign[$0] }) {
      // `->` and `<-` are read sign by sign, for `a<-1` compares.
      if sign.count == 2, sign == ["-", ">"] || sign == ["<", "-"] { continue }
      for _ in sign { take() }
      return String(String.UnicodeScalarView(sign))
    }
    throw start.error("'\(peek().map { String($0) } ?? "")' is not expected here")
  }
}
