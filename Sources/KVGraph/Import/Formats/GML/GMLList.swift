import KV

/// What stands between two brackets: names and values. A name that comes several times has an array of
/// values.
struct GMLList {
  private struct Member {
    var name: String
    var values: [JSON]
    var isExact = false

    var value: JSON {
      if values.count == 1, isExact || values != [arrayMarker] || textNames.contains(name) {
        return values[0]
      }
      return JSON(elements: values.first == arrayMarker ? Array(values.dropFirst()) : values)
    }
  }

  /// Before the one element of a list of one, as NetworkX writes it.
  static let arrayMarker = JSON("_networkx_list_start")
  /// What NetworkX writes for lists and tuples of none.
  static let emptyArrays = [JSON("[]"), JSON("()")]

  /// What has these names is never a list.
  static let textNames: Set = ["label", "type"]

  private var members: [Member] = []
  private var places: [ByteKey: Int] = [:]

  mutating func add(_ name: String, _ value: JSON) {
    let key = ByteKey(name)
    if let place = places[key] {
      members[place].values.append(value)
    } else {
      places[key] = members.count
      members.append(Member(name: name, values: [value]))
    }
  }

  /// Adds what kv wrote as JSON. It takes the place of a plain value of its name, unless that one is GML's
  /// own.
  mutating func setExactly(_ name: String, _ value: JSON, besides ownNames: Set<String>) {
    // No text has the byte 0xFF.
    let key = ByteKey((ownNames.contains(name) ? [0xFF] : []) + Array(name.utf8))
    if let place = places[key] {
      members[place] = Member(name: name, values: [value], isExact: true)
    } else {
      places[key] = members.count
      members.append(Member(name: name, values: [value], isExact: true))
    }
  }

  /// The plain value of a name.
  subscript(name: String) -> JSON? {
    places[ByteKey(name)].map { members[$0].value }
  }

  /// The text of a name that comes once, whatever NetworkX takes it for.
  func text(of name: String) -> String? {
    guard let place = places[ByteKey(name)], members[place].values.count == 1 else { return nil }
    return members[place].values.first?.string
  }

  /// Takes a plain value out.
  mutating func take(_ name: String) -> JSON? {
    guard let place = places.removeValue(forKey: ByteKey(name)) else { return nil }
    defer { members[place].values = [] }
    return members[place].value
  }

  var attributes: [(name: String, value: JSON)] {
    members.compactMap { member in
      member.values.isEmpty ? nil : (member.name, member.value)
    }
  }

  var json: JSON { JSON(members: attributes.map { ($0.name, $0.value) }) }
}

extension GMLTokenizer {
  /// Deeper lists are refused: each level copies its text once more.
  private static let deepest = 100

  /// The list whose bracket was the last token.
  /// - Parameter ownNames: not `nil` where `kvattribute` is to be undone.
  mutating func list(_ what: String, ownNames: Set<String>? = nil) throws -> GMLList {
    let start = line
    func error(_ reason: String) -> JSONError { JSONError(reason: reason, line: line, column: 1) }
    func end() -> JSONError {
      JSONError(reason: "the file ends inside \(what) [ … ]", line: start, column: 1)
    }
    var outer: [(list: GMLList, name: String)] = []
    var list = GMLList()
    while let token = try next() {
      switch token {
      case .close:
        guard let (parent, name) = outer.popLast() else { return list }
        let ended = list
        list = parent
        if outer.isEmpty, let ownNames, name == GMLWriter.attributeName {
          guard let own = ended.text(of: "name"), let json = ended.text(of: "json"),
            let value = try? JSON(parsing: json)
          else { throw error("\(name) is \(JSON.shown(ended.json.text)), not a name and JSON") }
          list.setExactly(own, value, besides: ownNames)
        } else {
          list.add(name, ended.json)
        }
      case .word(let word):
        let name = GMLText.decoded(word)
        guard let value = try next() else { throw end() }
        switch value {
        case .open:
          guard outer.count < Self.deepest else {
            throw error("lists are nested deeper than \(Self.deepest) in \(JSON.shown(name))")
          }
          outer.append((list, name))
          list = GMLList()
        case .word(let word): list.add(name, GMLText.value(ofWord: word))
        case .text(let text):
          let isExact = ownNames != nil && outer.count == 1 && outer[0].name == GMLWriter.attributeName
          list.add(name, isExact ? Self.text(text) : Self.value(ofText: text, of: name))
        case .close: throw error("\(JSON.shown(name)) has no value")
        }
      case .open: throw error("a name was expected where [ stands")
      case .text(let text):
        throw error("a name was expected where \(JSON.shown(GMLText.decoded(text))) stands")
      }
    }
    throw end()
  }

  /// The value after a name.
  mutating func value(of name: String) throws -> JSON {
    guard let token = try next() else {
      throw JSONError(reason: "the file ends after \(JSON.shown(name))", line: line, column: 1)
    }
    switch token {
    case .open: return try list(name).json
    case .word(let word): return GMLText.value(ofWord: word)
    case .text(let text): return Self.value(ofText: text, of: name)
    case .close: throw JSONError(reason: "\(JSON.shown(name)) has no value", line: line, column: 1)
    }
  }

  private static func value(ofText text: [UInt8], of name: String) -> JSON {
    let value = Self.text(text)
    let isArray = GMLList.emptyArrays.contains(value) && !GMLList.textNames.contains(name)
    return isArray ? JSON(elements: []) : value
  }

  private static func text(_ text: [UInt8]) -> JSON {
    JSON(CharacterReferences.decoded(GMLText.decoded(text), byName: true))
  }
}
