/// Where the values of a JSON text are, found in one pass: for what looks inside of inside, which would otherwise read the
/// innermost text once for each level around it.
///
/// Memory: 24 bytes a value, member names included.
struct JSONOutline {
  struct Node {
    /// The text, quotes and brackets included.
    var range: Range<Int>
    /// The place of the value after this one and all that is inside of it.
    var next: Int
  }

  /// In the order of the text: a container, then what is inside of it, an object's names and values alternating.
  private(set) var nodes: [Node] = []

  /// - Parameter bytes: a text that is known to be minified JSON.
  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    var open: [Int] = []
    var index = 0
    while index < bytes.count {
      let start = index
      switch bytes[index] {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        open.append(nodes.count)
        nodes.append(Node(range: start..<start, next: 0))
        index += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        index += 1
        guard let container = open.popLast() else { return }
        nodes[container].range = nodes[container].range.lowerBound..<index
        nodes[container].next = nodes.count
      case UInt8(ascii: ","), UInt8(ascii: ":"): index += 1
      case UInt8(ascii: "\""):
        index = bytes.endOfString(from: index) + 1
        nodes.append(Node(range: start..<index, next: nodes.count + 1))
      default:
        while index < bytes.count, !Self.endsScalar(bytes[index]) { index += 1 }
        nodes.append(Node(range: start..<index, next: nodes.count + 1))
      }
    }
  }

  private static func endsScalar(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]")
  }

  /// The places of what is directly inside of a container.
  func children(of node: Int) -> [Int] {
    var children: [Int] = []
    var child = node + 1
    while child < nodes[node].next {
      children.append(child)
      child = nodes[child].next
    }
    return children
  }
}
