import KV

/// The labels of edges, numbered, with what is to be known of each.
struct LabelTable {
  private var texts = TextTable()
  private var admitted: [Bool] = []
  private var undirected: [Bool] = []

  private(set) var hasUndirected = false

  init() {}

  /// - Parameter labels: as in keys, each once, in the order of their numbers; all are admitted.
  init(_ labels: [String], _ undirectedTypes: UndirectedTypes) {
    for label in labels { _ = number(of: label, undirectedTypes) }
  }

  /// The label's number, a new one where it has none.
  mutating func number(of label: String, _ undirectedTypes: UndirectedTypes) -> Int32 {
    let number = texts.number(of: label)
    if Int(number) == admitted.count {
      let isUndirected = undirectedTypes.contains(path: String(label.prefix { $0 != "/" }))
      admitted.append(true)
      undirected.append(isUndirected)
      hasUndirected = hasUndirected || isUndirected
    }
    return number
  }

  var count: Int { texts.count }

  subscript(label: Int32) -> String { texts[label] }
  /// The type of a label, as people write it.
  func type(of label: Int32) -> String {
    String(percentDecoding: String(texts[label].prefix { $0 != "/" })) ?? ""
  }
  func isAdmitted(_ label: Int32) -> Bool { admitted[Int(label)] }
  func isUndirected(_ label: Int32) -> Bool { undirected[Int(label)] }

  /// The label's number, a new one where it has none.
  mutating func number(
    of parts: EdgeKeyParts, in key: UnsafeBufferPointer<UInt8>, _ options: TraversalOptions,
    _ undirectedTypes: UndirectedTypes
  ) -> Int32 {
    let type = UnsafeBufferPointer(rebasing: key[parts.type])
    let label: Int32
    if let part = parts.key {
      let text = [UInt8](type) + [UInt8(ascii: "/")] + key[part]
      label = text.withUnsafeBufferPointer { texts.number(of: $0) }
    } else {
      label = texts.number(of: type)
    }
    if Int(label) == admitted.count {
      let type = String(decoding: type, as: UTF8.self)
      admitted.append(options.admits(type: type))
      undirected.append(undirectedTypes.contains(path: type))
      hasUndirected = hasUndirected || undirectedTypes.contains(path: type)
    }
    return label
  }
}
