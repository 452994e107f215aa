import KV

/// How nodes and edges are written down in JSON.
enum JSONForm: Sendable {
  /// Edges with `from`, `to`, `type`, `key` and `data`; nodes with `type`, `id` and attributes.
  case own
  /// Edges with `source`, `target` and attributes; nodes with `id` and attributes.
  case nodeLink
  /// The same inside `data`.
  case cytoscape
  /// Edges with `source`, `target`, `relation` and `metadata`; nodes with `label` and `metadata`.
  case jgf
  /// Nodes with `labels` and `properties`; relationships with `label`, `start`, `end` and `properties`.
  case apoc
}

typealias Members = [(name: String, value: JSON)]

/// A node or an edge as a JSON document holds it, before anything is made of it.
struct JSONElement {
  /// Where in the file it stands: what it is, unless its members say so themselves.
  var section: JSONReader.Section
  /// How it is written; `nil` where only its own members can tell.
  var form: JSONForm?
  var value: JSON?
  var members: Members?
  /// Where it begins, from 1.
  var line: Int

  init(section: JSONReader.Section, form: JSONForm?, value: JSON, line: Int) {
    (self.section, self.form, self.line) = (section, form, line)
    members = value.members
    self.value = members == nil ? value : nil
  }

  init(section: JSONReader.Section, form: JSONForm?, members: Members, line: Int) {
    (self.section, self.form, self.members, self.line) = (section, form, members, line)
  }

  /// What the ends of an edge are called, two by two.
  static let ends: [(from: String, to: String)] = [
    ("from", "to"), ("source", "target"), ("fromNode", "toNode"), ("start", "end"), ("src", "dst"),
    ("startNode", "endNode"), ("outV", "inV"), ("_from", "_to"), ("from_id", "to_id"),
    ("source_id", "target_id"), ("src_id", "dst_id"), ("from_node", "to_node"), ("fromId", "toId"),
    ("sourceId", "targetId"), ("spdxElementId", "relatedSpdxElement"),
  ]

  /// By name, those that show an edge where both are there, and alone may say anything.
  private static let pairedEnds: [String: End] = Dictionary(
    uniqueKeysWithValues: ends.enumerated().dropFirst(5).flatMap { place, names in
      [(names.from, .start(place)), (names.to, .target(place))]
    })

  enum End {
    /// By the place in ``ends``.
    case start(Int)
    case target(Int)
  }

  /// Which end of an edge a member names. Written out, for it is asked of each member of a file.
  static func end(_ name: String) -> End? {
    switch name {
    case "from": .start(0)
    case "to": .target(0)
    case "source": .start(1)
    case "target": .target(1)
    case "fromNode": .start(2)
    case "toNode": .target(2)
    case "start": .start(3)
    case "end": .target(3)
    case "src": .start(4)
    case "dst": .target(4)
    default: nil
    }
  }

  /// Which ends members name, as bits by the places in ``ends``.
  @inline(__always)
  private static func named(by members: Members, _ end: (String) -> End?) -> (starts: Int, targets: Int) {
    var (starts, targets) = (0, 0)
    for member in members {
      switch end(member.name) {
      case .start(let place): starts |= 1 << place
      case .target(let place): targets |= 1 << place
      case nil: break
      }
    }
    return (starts, targets)
  }

  /// What the ends of an edge are called; `nil` where there is none.
  static func ends(of members: Members) -> (from: String, to: String)? {
    let (starts, targets) = named(by: members, end)
    // A pair that is whole counts before a part of another.
    var found = starts & targets
    if found == 0 {
      let paired = named(by: members) { pairedEnds[$0] }
      found = paired.starts & paired.targets
    }
    if found == 0 { found = starts | targets }
    return found == 0 ? nil : ends[found.trailingZeroBitCount]
  }

  /// Whether a member shows that its object is an edge, whatever else is in it.
  static func isEnd(_ name: String) -> Bool { end(name) != nil }
}
