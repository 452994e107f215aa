import ArgumentParser
import KV

/// How and where a list is printed.
struct ListOptions: ParsableArguments {
  @Option(help: "table, json (one array), jsonl (an element a line), csv or text (a line for people).")
  var format: ListFormat?
  @Option(
    name: .shortAndLong, parsing: .singleValue,
    help: ArgumentHelp(
      "The file to write, - for standard output; its ending tells the format.", valueName: "file"))
  var output: [FileArgument] = []
  @Option(help: ColorChoice.help) var color = ColorChoice.auto

  func validate() throws {
    try files.requireOneAtMost()
    if let file = files.first, !file.isStandard, format == nil, earlierFormat == nil, endingFormat == nil {
      throw ValidationError("\(file): unknown ending; expected \(ListFormat.endings), or --format")
    }
  }

  /// Earlier versions named a format with `--output`.
  private var earlierFormat: ListFormat? {
    output.lazy.compactMap { ListFormat(rawValue: "\($0)") }.last
  }

  private var files: [FileArgument] { output.filter { ListFormat(rawValue: "\($0)") == nil } }

  private var endingFormat: ListFormat? { files.first?.ending.flatMap(ListFormat.init(ending:)) }

  /// `nil` for standard output.
  private var file: FileArgument? { files.first?.unlessStandard }

  var hasFile: Bool { file != nil }

  /// Whether people read it as it comes, who are not served more than a page that they did not ask for.
  private var isOnTerminal: Bool { file == nil && Output.isTerminal }

  /// How many to print at most; `nil` for all. A program that reads a pipe or a file is not served a part of what it asked for.
  func count(_ limit: Limit?) -> Int? { limit == nil && isOnTerminal ? 1000 : limit?.count }

  /// Throws where the file cannot be written, or is one that the command reads, before anything is changed.
  @MainActor
  func checkFile() throws {
    if let file { try OutputFile.check(file) }
  }

  /// The form asked for, or that of the file's ending.
  var chosen: ListFormat? { format ?? earlierFormat ?? endingFormat }

  /// A printer for a list.
  /// - Parameters:
  ///   - inPipe: the form where none is asked for and a program reads.
  ///   - onTerminal: the same where people do.
  ///   - objects: whether JSON is an object after another unless `--format json` or the file's ending asks for an array, as
  ///     earlier versions printed it.
  func printer<Item>(
    for listing: Listing<Item>, inPipe: ListFormat, onTerminal: ListFormat = .table, objects: Bool = false,
    window: ListWindow? = nil
  ) -> ListPrinter<Item> {
    ListPrinter(
      listing, as: chosen ?? (Output.isTerminal ? onTerminal : inPipe), to: file,
      objects: objects && format != .json && endingFormat != .json, colors: color.isOn,
      window: window.map { Window(offset: $0.offset.value, limit: count($0.limit)) } ?? .all)
  }

  @MainActor
  func print<Item>(
    _ items: some Sequence<Item>, as listing: Listing<Item>, inPipe: ListFormat,
    onTerminal: ListFormat = .table,
    window: ListWindow? = nil
  ) throws {
    var printer = printer(for: listing, inPipe: inPipe, onTerminal: onTerminal, window: window)
    for item in items where try !printer.print(item) { break }
    try printer.finish()
  }

  /// Prints what is one thing by its nature: JSON of it is one object.
  @MainActor
  func print<Item>(
    _ item: Item, as listing: Listing<Item>, inPipe: ListFormat, onTerminal: ListFormat
  ) throws {
    var printer = ListPrinter(
      listing, as: chosen ?? (Output.isTerminal ? onTerminal : inPipe), to: file, objects: true,
      colors: color.isOn)
    _ = try printer.print(item)
    try printer.finish()
  }
}

/// A part of a list.
struct ListWindow: ParsableArguments {
  @Option(help: "At most so many; -1 for all (default: 1000 on a terminal, else all).") var limit: Limit?
  @Option(help: "So many are left out first.") var offset = Number(0)

  func validate() throws {
    if offset.value < 0 { throw ValidationError("the offset \(offset.value) is negative") }
  }

  /// As far as it was asked for.
  var window: Window { Window(offset: offset.value, limit: limit?.count) }
}

/// Which elements of a list are printed.
struct Window {
  var offset: Int
  /// `nil` for all.
  var limit: Int?

  static let all = Window(offset: 0, limit: nil)

  /// How many elements of a list there are up to the last that is printed; `nil` for all.
  var end: Int? { limit.map { Int(clamping: UInt(offset) + UInt($0)) } }

  /// Those of a list that are printed.
  func of<Element>(_ list: [Element]) -> [Element] {
    let rest = list.dropFirst(offset)
    return Array(limit.map { rest.prefix($0) } ?? rest)
  }
}
