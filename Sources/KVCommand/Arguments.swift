import ArgumentParser
import KV

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The command line as it was typed, and in a form that the parser takes: it would read `-1` as an option, and its strings hold
/// nothing but UTF-8. A mark stands before a minus sign, and before the hexadecimal digits of a byte that is not UTF-8.
enum Arguments {
  /// The bytes of each argument, the program's name left out.
  static let typed: [[UInt8]] = (1..<max(Int(CommandLine.argc), 1)).compactMap { index in
    CommandLine.unsafeArgv[index].map { argument in
      UnsafeBufferPointer(start: argument, count: strlen(argument)).map { UInt8(bitPattern: $0) }
    }
  }

  /// A character for private use that stands in no argument.
  private static let mark: Character = {
    let marks = (0xE000...0xF8FF).lazy.compactMap { Unicode.Scalar($0) }.map { Character($0) }
    return marks.first { mark in typed.allSatisfy { !$0.contains(Array(mark.utf8)) } } ?? "\u{E000}"
  }()

  /// For the parser.
  static var marked: [String] {
    typed.map { bytes in
      guard let text = String(validating: bytes, as: UTF8.self) else { return marked(bytes) }
      // No option begins with a digit, and a negative number of JSON does.
      return text.prefixMatch(of: /-[0-9]/) != nil ? String(mark) + text : text
    }
  }

  private static func marked(_ bytes: [UInt8]) -> String {
    var text = ""
    var rest = bytes[...]
    while let byte = rest.first {
      let scalar = (1...4).lazy.filter { $0 <= rest.count }
        .compactMap { String(validating: rest.prefix($0), as: UTF8.self) }.first
      text += scalar ?? "\(mark)\(String(byte >> 4, radix: 16))\(String(byte & 15, radix: 16))"
      rest = rest.dropFirst(scalar?.utf8.count ?? 1)
    }
    return text
  }

  /// The argument as it was typed; `nil` where that is not UTF-8.
  static func restored(_ text: String) -> String? {
    text.contains(mark) ? String(validating: bytes(text), as: UTF8.self) : text
  }

  /// The bytes of the argument as it was typed.
  static func bytes(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    for (index, part) in text.split(separator: mark, omittingEmptySubsequences: false).enumerated() {
      if index > 0, part.first != "-", let byte = UInt8(part.prefix(2), radix: 16) {
        bytes.append(byte)
        bytes += Array(part.dropFirst(2).utf8)
      } else {
        bytes += Array(part.utf8)
      }
    }
    return bytes
  }

  /// A message of the parser's, with arguments as they were typed, but for URLs, which may hold a password, and why one was
  /// refused that is not UTF-8.
  static func readable(_ message: String) -> String {
    var message = message
    for argument in marked {
      for secret in ["://", "password="] {
        guard let place = argument.ranges(of: secret).first else { continue }
        message = message.replacing(argument, with: argument[..<place.upperBound] + "…")
      }
    }
    var text = ""
    var hasBytes = false
    for (index, part) in message.split(separator: mark, omittingEmptySubsequences: false).enumerated() {
      hasBytes = hasBytes || index > 0 && part.first != "-"
      text += (index > 0 && part.first != "-" ? "\\x" : "") + part
    }
    return hasBytes ? text + ": arguments are UTF-8, but for the names of files" : text
  }

  /// The command as it was typed, for another part of its list.
  static func command(offset: Int, limit: Int) -> String {
    let (words, rest) = typedWords(with: listOptions.union(["--offset", "--limit"]))
    let kept = words.filter { $0.option != "--offset" && $0.option != "--limit" && isCarried($0) }
      .flatMap(\.words)
    return (["kv"] + kept + ["--offset", "\(offset)", "--limit", "\(limit)"] + rest).map(\.quotedForShell)
      .joined(separator: " ")
  }

  /// What was typed of the options of a list and its database, for the command of its next page.
  static var ofList: [String] {
    typedWords(with: listOptions).words.filter { $0.option != nil && isCarried($0) }.flatMap(\.words)
  }

  /// Words that belong together: an option with its value, or one by itself.
  private struct Words {
    /// Its name, of one that was asked for.
    var option: String?
    var words: [String]

    var value: String { words.count == 1 ? String(words[0].drop { $0 != "=" }.dropFirst()) : words[1] }
  }

  private static let outputs: Set<String> = ["-o", "--output", "--picture"]
  private static let listOptions = DatabaseOptions.optionNames.union(outputs).union(["--format", "--color"])

  /// Whether it goes into another command: not a file, which has been written, nor a database that may be named by a password.
  private static func isCarried(_ words: Words) -> Bool {
    guard let option = words.option else { return true }
    if outputs.contains(option) { return ListFormat(rawValue: words.value) != nil }
    return !DatabaseOptions.optionNames.contains(option) || namesFile
  }

  /// Whether the database that is named is a file.
  private static let namesFile = typedWords(with: DatabaseOptions.optionNames).words.allSatisfy { words in
    switch words.option {
    case "--connection"?: DatabaseOptions.kind(of: words.value) == .sqlite
    case .some: words.value == DatabaseOptions.Backend.sqlite.rawValue
    case nil: true
    }
  }

  /// What was typed up to `--`, the options of these names with their values, and the rest.
  private static func typedWords(with names: Set<String>) -> (words: [Words], rest: [String]) {
    var words = typed.map { String(decoding: $0, as: UTF8.self) }[...]
    var found: [Words] = []
    while let word = words.popFirst(), word != "--" {
      let count = wordCount(of: word, among: names)
      let name = count == 0 ? nil : String(word.prefix { $0 != "=" })
      found.append(Words(option: name, words: [word] + words.prefix(max(count, 1) - 1)))
      words = words.dropFirst(max(count, 1) - 1)
    }
    return (found, words.isEmpty ? [] : ["--"] + words)
  }

  /// How many words the option takes that begins with this one: itself, and one more where its value stands apart; 0 where it is none
  /// of these names.
  static func wordCount(of word: String, among names: Set<String>) -> Int {
    let name = word.prefix { $0 != "=" }
    return names.contains(String(name)) ? (name.count == word.count ? 2 : 1) : 0
  }

  static func integer(_ text: String) -> Int? { restored(text).flatMap { Int($0) } }
}

/// A whole number on the command line, which may be negative.
struct Number: ExpressibleByArgument, Equatable {
  var value: Int

  init(_ value: Int) { self.value = value }

  init?(argument: String) {
    guard let value = Arguments.integer(argument) else { return nil }
    self.value = value
  }

  var defaultValueDescription: String { String(value) }
}

/// How many at most: a number, or -1 for all.
struct Limit: ExpressibleByArgument, Equatable {
  /// `nil` for all.
  var count: Int?

  init(_ count: Int?) { self.count = count }

  init?(argument: String) {
    guard let number = Arguments.integer(argument), number >= -1 else { return nil }
    count = number == -1 ? nil : number
  }

  var defaultValueDescription: String { count.map(String.init) ?? "-1" }
}

/// A length of time on the command line: `500ms`, `10m`, `1h30m`; more than 0.
struct Length: ExpressibleByArgument, Equatable {
  var duration: Duration
  private var text: String

  private static let units: [(name: String, seconds: Double)] = [
    ("ns", 1e-9), ("us", 1e-6), ("µs", 1e-6), ("ms", 1e-3), ("s", 1), ("m", 60), ("h", 3600),
  ]

  init?(argument: String) {
    var seconds = 0.0
    var rest = argument[...]
    while !rest.isEmpty {
      let number = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
      rest = rest.dropFirst(number.count)
      let name = rest.prefix { $0.isLetter }
      rest = rest.dropFirst(name.count)
      // A number alone is seconds.
      let isAlone = name.isEmpty && number.count == argument.count
      guard let value = Double(number),
        let unit = Self.units.first(where: { $0.name == (isAlone ? "s" : name) })
      else {
        return nil
      }
      seconds += value * unit.seconds
    }
    // Some 300 years.
    guard seconds > 0, seconds < 1e10 else { return nil }
    duration = .seconds(seconds)
    text = argument
  }

  private init(_ duration: Duration, _ text: String) {
    self.duration = duration
    self.text = text
  }

  static func seconds(_ count: Int) -> Length { Length(.seconds(count), "\(count)s") }
  static func minutes(_ count: Int) -> Length { Length(.seconds(count * 60), "\(count)m") }

  var defaultValueDescription: String { text }
}

/// Any text on the command line: a key, a type, an id.
struct Text: ExpressibleByArgument, Equatable, Sendable {
  var value: String

  /// What stands between commas, where that is something.
  var listed: [String] {
    value.utf8.split(separator: UInt8(ascii: ",")).map { String(decoding: $0, as: UTF8.self) }
  }

  init(_ value: String) { self.value = value }

  init?(argument: String) {
    guard let value = Arguments.restored(argument) else { return nil }
    self.value = value
  }

  var defaultValueDescription: String { value }

  /// `nil` for `*`, which stands for all.
  var unlessAll: String? { value == "*" ? nil : value }
}

/// An amount of memory on the command line: `512MiB`, `1GB`, or a number of bytes; more than 0.
struct ByteCount: ExpressibleByArgument, Equatable {
  var bytes: Int
  private var text: String

  private static let units: [(name: String, bytes: Double)] = [
    ("", 1), ("b", 1), ("kb", 1e3), ("mb", 1e6), ("gb", 1e9), ("k", 1024), ("m", 1_048_576),
    ("g", 1_073_741_824), ("kib", 1024), ("mib", 1_048_576), ("gib", 1_073_741_824),
  ]

  init?(argument: String) {
    let number = argument.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    let name = argument.dropFirst(number.count).lowercased()
    guard let value = Double(number), let unit = Self.units.first(where: { $0.name == name }) else {
      return nil
    }
    let bytes = value * unit.bytes
    guard bytes >= 1, bytes < 1e18 else { return nil }
    (self.bytes, text) = (Int(bytes), argument)
  }

  static func gibibytes(_ count: Int) -> ByteCount {
    var size = ByteCount(bytes: count << 30)
    size.text = "\(count)GiB"
    return size
  }

  private init(bytes: Int) { (self.bytes, text) = (bytes, "\(bytes)") }

  var defaultValueDescription: String { text }
}
