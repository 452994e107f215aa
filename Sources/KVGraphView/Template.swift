import KV
import KVGraph

/// A text with places for what a node or an edge holds: `'{id}\n{name}'`.
///
/// `{type}` and `{id}` are a node's, `{type}`, `{from}`, `{to}` and `{data}` an edge's; any other name is an attribute, dots
/// lead inside. What is not there leaves nothing. `\n` begins a line, `{{` and `}}` are braces. A text without braces is one name.
public struct Template: Sendable, Equatable {
  private enum Part: Equatable {
    case text(String)
    case name(String)
  }

  private var parts: [Part] = []

  /// Throws a usage error where a brace does not close.
  public init(_ text: String) throws {
    guard text.contains("{") else {
      parts = [.name(text)]
      return
    }
    var rest = Substring(
      text.split(separator: "\\n", omittingEmptySubsequences: false).joined(separator: "\n"))
    while let brace = rest.firstIndex(of: "{") {
      parts.append(.text(String(rest[..<brace])))
      rest = rest[rest.index(after: brace)...]
      if rest.first == "{" {
        parts.append(.text("{"))
        rest = rest.dropFirst()
        continue
      }
      guard let end = rest.firstIndex(of: "}"), end > rest.startIndex else {
        throw KVError(.usage, "the template \(JSON(text)) has a '{' without a name and a '}'")
      }
      parts.append(.name(String(rest[..<end])))
      rest = rest[rest.index(after: end)...]
    }
    parts.append(.text(String(rest)))
    parts = parts.map { part in
      guard case .text(let text) = part else { return part }
      return .text(text.replacing("}}", with: "}"))
    }
  }

  /// The names of what it has places for.
  var names: [String] { parts.compactMap { if case .name(let name) = $0 { name } else { nil } } }

  /// The lines that hold something.
  private func text(_ value: (String) -> String?) -> String {
    let text = parts.map { part in
      switch part {
      case .text(let text): text
      case .name(let name): value(name) ?? ""
      }
    }.joined()
    return text.split(separator: "\n").joined(separator: "\n")
  }

  func text(for node: NodeReference, _ attributes: JSON?) -> String {
    text { name in
      switch name {
      case "id": node.id
      case "type": node.type
      default: attributes?.member(named: name)?.plain
      }
    }
  }

  func text(for edge: Edge) -> String {
    text { name in
      switch name {
      case "type": edge.type
      case "from": edge.from.id
      case "to": edge.to.id
      case "data": edge.data?.text
      default: edge.data?.member(named: name)?.plain
      }
    }
  }
}

extension JSON {
  /// A string without its quotes, anything else as it is written.
  var plain: String { string ?? text }
}
