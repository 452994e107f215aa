import ArgumentParser

/// What a drawing is written as.
enum PictureFormat: String, ExpressibleByArgument, CaseIterable {
  case dot, mermaid, svg, png, pdf, html, json, text

  var isBinary: Bool { self == .png || self == .pdf }
  /// Pictures have a style; the others are text for people and programs, and have one only where it is asked for.
  var isPicture: Bool { [.svg, .png, .pdf, .html].contains(self) }
  static let endings = allCases.map { ".\($0 == .text ? "txt" : $0.rawValue)" }.joined(separator: ", ")

  init?(ending: String) {
    switch ending {
    case "mmd": self = .mermaid
    case "gv": self = .dot
    case "htm": self = .html
    case "txt": self = .text
    default: self.init(rawValue: ending)
    }
  }
}
