import ArgumentParser
import KV

/// The parser takes `-1` for an option. A negative number is passed through it with a minus sign (U+2212) instead.
enum Arguments {
  static let minus: Character = "\u{2212}"

  static func protectingNegativeNumbers(_ arguments: some Sequence<String>) -> [String] {
    arguments.map { argument in
      argument.hasPrefix("-") && Int(argument) != nil ? String(minus) + argument.dropFirst() : argument
    }
  }

  static func integer(_ text: String) -> Int? {
    text.first == minus ? Int("-" + text.dropFirst()) : Int(text)
  }

  /// The argument as it was typed.
  static func restored(_ text: String) -> String {
    guard text.first == minus, Int(text.dropFirst()) != nil else { return text }
    return "-" + text.dropFirst()
  }
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
      guard let value = Double(number), let unit = Self.units.first(where: { $0.name == name }) else {
        return nil
      }
      seconds += value * unit.seconds
    }
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
struct Text: ExpressibleByArgument, Equatable {
  var value: String

  init?(argument: String) { value = Arguments.restored(argument) }

  /// `nil` for `*`, which stands for all.
  var unlessAll: String? { value == "*" ? nil : value }
}

/// Which records of a list: `[<offset> [<limit>]]`.
struct PageArguments: ParsableArguments {
  @Argument(help: "Records to skip.") var offset = Number(0)
  @Argument(help: "Records at most; -1 for all.") var limit = Limit(1000)

  func validate() throws {
    if offset.value < 0 { throw ValidationError("the offset \(offset.value) is negative") }
  }

  var page: Page { Page(offset: offset.value, limit: limit.count) }
}

/// An edge on the command line, in this order.
struct EdgeArguments: ParsableArguments {
  @Argument(help: "The type of the node that the edge leaves.") var fromType: Text
  @Argument(help: "Its id.") var fromID: Text
  @Argument(help: "The type of the node that it enters.") var toType: Text
  @Argument(help: "Its id.") var toID: Text
  @Argument(help: "The type of the edge.") var edgeType: Text
}

/// A node and, if wanted, one edge type.
struct NodeArguments: ParsableArguments {
  @Argument(help: "The node's type.") var type: Text
  @Argument(help: "The node's id.") var id: Text
  @Argument(help: "Only edges of this type; * for all.") var edgeType: Text?

  func validate() throws {
    if type.value.isEmpty || id.value.isEmpty {
      throw ValidationError("the type or the id of the node is empty")
    }
  }

  var wantedType: String? { edgeType?.unlessAll }
}
