import ArgumentParser

/// How and where what may be printed and drawn goes: paths as a list, as a picture, or as both.
struct AnswerOptions: ParsableArguments {
  /// A list's form or a picture's.
  enum Format: ExpressibleByArgument {
    case list(ListFormat)
    case picture(PictureFormat)

    init?(argument: String) {
      if let format = ListFormat(rawValue: argument) {
        self = .list(format)
      } else if let format = PictureFormat(rawValue: argument) {
        self = .picture(format)
      } else {
        return nil
      }
    }

    static let allValueStrings =
      ListFormat.allCases.map(\.rawValue)
      + PictureFormat.allCases.map(\.rawValue).filter { ListFormat(rawValue: $0) == nil }
  }

  @Option(help: "How the answer is printed, or with the name of a picture's format drawn.") var format:
    [Format] = []
  @Option(
    name: [.customShort("o"), .customLong("output"), .customLong("picture")], parsing: .singleValue,
    help: ArgumentHelp(
      "Draw what is found, among the edges around it, into this file, or print it there; its ending tells the format.",
      valueName: "file"))
  var output: [FileArgument] = []
  @Option(help: ColorChoice.help) var color = ColorChoice.auto

  func validate() throws {
    try files.requireOneAtMost()
    if format.count > 1, pictureNamed == nil || listNamed == nil {
      throw ValidationError("--format is given \(format.count) times")
    }
    try list.validate()
  }

  private var listNamed: ListFormat? {
    format.lazy.compactMap { if case .list(let format) = $0 { format } else { nil } }.last
  }

  private var pictureNamed: PictureFormat? {
    format.lazy.compactMap { if case .picture(let format) = $0 { format } else { nil } }.last
  }

  /// Without the names of formats, which earlier versions took there.
  private var files: [FileArgument] { output.filter { ListFormat(rawValue: "\($0)") == nil } }

  private var isPictureFile: Bool {
    guard let file = files.first else { return false }
    if pictureNamed != nil { return true }
    return !file.isStandard && ListFormat(ending: file.ending ?? "") == nil
  }

  /// `nil` where nothing is drawn.
  func pictureFormat(_ picture: PictureOptions) throws -> PictureFormat? {
    guard pictureNamed != nil || isPictureFile || picture.open || picture.into != nil else { return nil }
    return try picture.format(pictureNamed, for: pictureFile, orList: true)
  }

  /// `nil` for standard output.
  var pictureFile: FileArgument? { isPictureFile ? files.first?.unlessStandard : nil }

  /// Throws where a file that is to be written cannot be, before anything is changed.
  @MainActor
  func checkFiles(_ picture: PictureOptions) throws {
    try list.checkFile()
    if let pictureFile { try OutputFile.check(pictureFile) }
    if let into = picture.into { try MarkdownSection(into).check() }
  }

  /// Not where the picture has standard output for itself.
  var printsPaths: Bool { pictureNamed == nil || pictureFile != nil }

  /// How the paths are printed.
  var list: ListOptions {
    var list = ListOptions()
    list.format = listNamed
    list.output = isPictureFile ? output.filter { !files.contains($0) } : output
    list.color = color
    return list
  }
}
