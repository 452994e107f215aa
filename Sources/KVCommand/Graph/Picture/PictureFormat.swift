import ArgumentParser

/// What a drawing is written as.
enum PictureFormat: String, ExpressibleByArgument, CaseIterable {
  case dot, mermaid, svg, png, pdf, html, json, text
  /// Mermaid in a fence, as GitHub shows it in Markdown.
  case markdown

  var isBinary: Bool { self == .png || self == .pdf }
  /// Pictures have a style; the others are text for people and programs, and have one only where it is asked for.
  var isPicture: Bool { [.svg, .png, .pdf, .html].contains(self) }
  var isMermaid: Bool { self == .mermaid || self == .markdown }
  static let endings = ".dot, .mmd, .svg, .png, .pdf, .html, .json, .txt, .md"

  init?(ending: String) {
    switch ending {
    case "mmd": self = .mermaid
    case "md": self = .markdown
    case "gv": self = .dot
    case "htm": self = .html
    case "txt": self = .text
    default: self.init(rawValue: ending)
    }
  }
}
