import KV

/// A look at a DOT text before libcgraph reads it, for a short text may stand for any amount of memory: `{a
/// b} -> {c d}` is an edge for each pair, each node is kept once more for every subgraph around it, and each
/// attribute has a place in every node.
///
/// It knows the text's tokens and no more. What it counts is an upper bound, and what is wrong is left to
/// libcgraph, except for what would leave its parser in pieces: a stack that is too deep.
struct DOTBounds {
  private struct Level {
    /// `nil` for a subgraph without a name.
    var name: [UInt8]?
    /// No fewer than the nodes inside.
    var nodes = 0
    /// Before the last edge operator, and since.
    var left = 0
    var right = 0
    var operators = 0
    var isOpenStatement = false
  }

  private let byteCount: Int
  private var levels: [Level] = []
  private var namedNodes: [ByteKey: Int] = [:]
  private var attributeNames: Set<ByteKey> = []
  private var isInBrackets = false
  private var isOfNodes = false
  /// What nodes have, in the order in which the text first names it, by place.
  private var nodeAttributes: [ByteKey: Int] = [:]
  /// The word `subgraph`, then with its name.
  private var subgraph: (isOpen: Bool, name: [UInt8]?) = (false, nil)
  private var isPassedOver = false
  private var last: [UInt8]?
  private var nodes = 0
  private var edges = 0
  private var subgraphs = 0
  private var memberships = 0
  private var attributeWork = 0
  private var stackDepth = 0

  /// - Returns: the names of the nodes' attributes, with their places in the order in which the text first has them, and where texts stand that
  ///   are too long for libcgraph.
  static func check(_ text: [UInt8]) throws -> (nodeAttributes: [ByteKey: Int], longTexts: [Range<Int>]) {
    var bounds = DOTBounds(byteCount: text.count)
    var tokens = DOTTokens(text)
    while let token = tokens.next() {
      if let reason = bounds.add(token) { throw JSONError(reason: reason, line: tokens.line, column: 1) }
    }
    return (bounds.nodeAttributes, tokens.longTexts)
  }

  private init(byteCount: Int) { self.byteCount = byteCount }

  /// Why the text is refused.
  private mutating func add(_ token: DOTTokens.Token) -> String? {
    if isInBrackets {
      switch token {
      case .mark(UInt8(ascii: "]")): isInBrackets = false
      case .mark(UInt8(ascii: "=")): addAttribute()
      case .text(let text): last = text
      default: break
      }
    } else {
      if case .mark(UInt8(ascii: "=")) = token { addAttribute() }
      if case .text(let text) = token { last = text }
      addOutsideOfBrackets(token)
      if case .mark(UInt8(ascii: "@")) = token { return "as DOT: syntax error near '@'" }
    }
    return excess
  }

  private mutating func addOutsideOfBrackets(_ token: DOTTokens.Token) {
    if subgraph.isOpen {
      switch token {
      case .text(let name) where subgraph.name == nil:
        subgraph.name = name
        return
      case .mark(UInt8(ascii: "{")): break
      default: endSubgraphReference()
      }
    }
    switch token {
    case .mark(UInt8(ascii: "{")):
      levels.append(Level(name: subgraph.name))
      subgraph = (false, nil)
      subgraphs += 1
      stackDepth += 4
    case .mark(UInt8(ascii: "}")): endLevel()
    case .mark(UInt8(ascii: "[")):
      isInBrackets = true
      isOfNodes = levels.last?.operators == 0 && !["edge", "graph"].contains { last?.isWord($0) == true }
    case .mark(UInt8(ascii: ";")): endStatement()
    case .mark(UInt8(ascii: ",")): if !levels.isEmpty { levels[levels.count - 1].isOpenStatement = true }
    case .mark(UInt8(ascii: ":")), .mark(UInt8(ascii: "=")), .mark(UInt8(ascii: "+")):
      isPassedOver = true
      return
    case .edge:
      guard !levels.isEmpty else { break }
      levels[levels.count - 1].left = levels[levels.count - 1].right
      levels[levels.count - 1].right = 0
      levels[levels.count - 1].operators += 1
      levels[levels.count - 1].isOpenStatement = true
      stackDepth += 4
    case .text(let text):
      if text.isWord("subgraph") {
        subgraph = (true, nil)
      } else if !isPassedOver, !levels.isEmpty {
        nodes += 1
        addOperand(1)
      }
    case .mark: break
    }
    isPassedOver = false
  }

  private mutating func addOperand(_ size: Int) {
    guard !levels.isEmpty else { return }
    if !levels[levels.count - 1].isOpenStatement { endStatement() }
    let size = min(size, nodes)
    let top = levels.count - 1
    levels[top].isOpenStatement = false
    levels[top].right += size
    levels[top].nodes = min(levels[top].nodes + size, nodes)
    let pairs = min(levels[top].left * size, Self.beyondAnyLimit)
    edges += pairs
    memberships += (size + pairs) * top
  }

  private mutating func endStatement() {
    guard !levels.isEmpty else { return }
    let top = levels.count - 1
    stackDepth -= 4 * levels[top].operators
    levels[top].operators = 0
    levels[top].left = 0
    levels[top].right = 0
    levels[top].isOpenStatement = false
  }

  private mutating func endLevel() {
    endStatement()
    guard let level = levels.popLast() else { return }
    stackDepth -= 4
    var size = level.nodes
    if let name = level.name {
      size = min(size + namedNodes[ByteKey(name), default: 0], nodes)
      namedNodes[ByteKey(name)] = size
    }
    addOperand(size)
    if levels.isEmpty { namedNodes = [:] }
  }

  private mutating func endSubgraphReference() {
    if let name = subgraph.name { addOperand(namedNodes[ByteKey(name), default: 0]) }
    subgraph = (false, nil)
  }

  /// A new attribute is given to all that is there.
  private mutating func addAttribute() {
    guard let last = last.map({ ByteKey($0) }) else { return }
    if attributeNames.insert(last).inserted { attributeWork += attributeNames.count * objects }
    if isInBrackets, isOfNodes, nodeAttributes[last] == nil { nodeAttributes[last] = nodeAttributes.count }
  }

  private var objects: Int { nodes + edges + subgraphs }

  private static let beyondAnyLimit = 1 << 40
  private static let largestPairs = 5_000_000
  private static let largestMemberships = 10_000_000
  private static let largestAttributes = 1 << 27
  private static let largestAttributeWork = 40_000_000_000
  private static let largestSubgraphs = 500_000
  /// The parser's stack has 10000 places, of which a brace and an edge operator take four each.
  private static let largestStackDepth = 9600

  private var excess: String? {
    if edges > Self.largestPairs + byteCount {
      return "as DOT: edges between groups of nodes come to more than \(Self.largestPairs)"
    }
    if memberships > Self.largestMemberships + 4 * byteCount {
      return
        "as DOT: subgraphs inside of one another hold more than \(Self.largestMemberships) nodes and edges"
    }
    if attributeNames.count * objects > max(Self.largestAttributes, 8 * byteCount)
      || attributeWork > Self.largestAttributeWork
    {
      return "as DOT: \(attributeNames.count) different attributes are too many for Graphviz"
    }
    if subgraphs > Self.largestSubgraphs + byteCount / 16 {
      return "as DOT: more than \(subgraphs - 1) subgraphs"
    }
    return stackDepth > Self.largestStackDepth
      ? "as DOT: a chain of edges is longer, or braces are deeper, than Graphviz reads (about 2400)" : nil
  }
}
