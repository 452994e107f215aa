import KV

/// The attributes that a GraphML or GEXF document declares, by their ids.
///
/// One id may stand for an attribute of nodes and another of edges.
struct DeclaredAttributes {
  enum Domain: Int, CaseIterable { case node, edge, graph }

  struct Key {
    /// Its number in the table of attributes.
    var name: Int
    var title: String
    /// What it is declared for.
    var domain: String
    var type: DeclaredType
    /// Whether it is for what yEd and yFiles draw.
    var isDrawing = false
    var hasDefault = false
  }

  private(set) var keys: [Key] = []
  private var slots: [ByteKey: Int] = [:]
  private var ids: [[UInt8]] = []
  /// For each id the place of the key for nodes, edges and graphs, or -1, and whether it is declared for
  /// them.
  private var places: [Int] = []
  private var isOwn: [Bool] = []
  /// The id that came after this one the last time: mostly the next one again, which saves looking it up.
  private var following = [0]
  private var last = 0

  /// Whether what is declared for nodes counts for edges too, where nothing else is, and the other way round.
  private let isShared: Bool

  private static let width = Domain.allCases.count

  init(isShared: Bool) { self.isShared = isShared }

  mutating func declare(_ id: ArraySlice<UInt8>, _ key: Key) -> Int {
    let slot = slot(of: id)
    keys.append(key)
    for each in Domain.allCases {
      let owns =
        switch key.domain {
        case "node": each == .node
        case "edge": each == .edge
        case "graph", "graphml": each == .graph
        case "all": true
        default: false
        }
      let place = slot * Self.width + each.rawValue
      if owns || (isShared && !isOwn[place]) {
        places[place] = keys.count - 1
        isOwn[place] = owns
      }
    }
    return keys.count - 1
  }

  mutating func markDefault(of key: Int) { keys[key].hasDefault = true }

  /// An attribute that is declared nowhere has its id's name.
  mutating func key(_ id: ArraySlice<UInt8>, for domain: Domain, _ table: inout AttributeTable) -> Int {
    let slot = slot(of: id)
    let place = slot * Self.width + domain.rawValue
    if places[place] < 0 {
      let title = String(decoding: id, as: UTF8.self)
      keys.append(
        Key(name: table.number(of: title), title: title, domain: "all", type: .unknown))
      for other in slot * Self.width..<(slot + 1) * Self.width
      where places[other] < 0 && (isShared || other == place) {
        places[other] = keys.count - 1
      }
    }
    return places[place]
  }

  private mutating func slot(of id: ArraySlice<UInt8>) -> Int {
    let guess = following[last]
    if guess < ids.count, ids[guess].elementsEqual(id) {
      last = guess + 1
      return guess
    }
    let bytes = Array(id)
    let slot = slots[ByteKey(bytes)] ?? ids.count
    if slot == ids.count {
      slots[ByteKey(bytes)] = slot
      ids.append(bytes)
      following.append(0)
      places.append(contentsOf: repeatElement(-1, count: Self.width))
      isOwn.append(contentsOf: repeatElement(false, count: Self.width))
    }
    following[last] = slot
    last = slot + 1
    return slot
  }
}
