/// Reads the items of a file ahead, while records are made of those that came before.
actor ItemReading {
  /// Items in the file's order, and what ended the reading after them.
  struct Piece: Sendable {
    var items: [(item: ImportedItem, line: Int)] = []
    var error: (any Error)?
  }

  private var items: ImportFile.Items

  init(_ file: ImportFile, _ options: ImportOptions) { items = file.items(options) }

  /// Neither many items nor large ones take much memory.
  private static let (mostItems, mostBytes) = (2_000, 2 << 20)

  /// Whether the file may list nodes.
  func mayListNodes() throws -> Bool { try items.mayListNodes() }

  /// The next items; none at the end of the file.
  func next() -> Piece {
    var piece = Piece()
    piece.items.reserveCapacity(Self.mostItems)
    var bytes = 0
    do {
      while piece.items.count < Self.mostItems, bytes < Self.mostBytes, let next = try items.next() {
        bytes += next.item.size
        piece.items.append(next)
      }
    } catch {
      piece.error = error
    }
    return piece
  }
}

extension ImportedItem {
  /// About how many bytes its attributes take.
  fileprivate var size: Int {
    switch self {
    case .node(let node): node.attributes.reduce(0) { $0 + $1.value.text.utf8.count }
    case .edge(let edge): edge.attributes.reduce(0) { $0 + $1.value.text.utf8.count }
    case .graph, .directed, .edgeType, .ignored, .note, .invalid: 0
    }
  }
}
