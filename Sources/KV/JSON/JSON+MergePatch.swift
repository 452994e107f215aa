extension JSON {
  /// The value with a merge patch applied, as RFC 7396 says: members of an object are replaced or added, `null` removes
  /// one, and a patch that is no object replaces the whole value. What the patch does not name stays to the letter.
  /// Cost: linear in both texts, however deep they are.
  public func merged(with patch: JSON) -> JSON {
    guard patch.kind == .object else { return patch }
    return withBytes { target in
      patch.withBytes { patch in
        var merge = Merge(target, patch)
        merge.write(kind == .object ? 0 : nil, patchedBy: 0)
        return JSON(trusted: merge.output)
      }
    }
  }
}

private struct Merge {
  /// A text and where its values are.
  private struct Source {
    let bytes: UnsafeBufferPointer<UInt8>
    let outline: JSONOutline

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
      self.bytes = bytes
      outline = JSONOutline(bytes)
    }

    func text(_ node: Int) -> Slice<UnsafeBufferPointer<UInt8>> { bytes[outline.nodes[node].range] }
    func begins(_ node: Int, with byte: UInt8) -> Bool { bytes[outline.nodes[node].range.lowerBound] == byte }
    func isObject(_ node: Int) -> Bool { begins(node, with: UInt8(ascii: "{")) }
    func isNull(_ node: Int) -> Bool { begins(node, with: UInt8(ascii: "n")) }

    func members(of node: Int) -> [(name: [UInt8], nameNode: Int, value: Int)] {
      let children = outline.children(of: node)
      return stride(from: 0, to: children.count, by: 2).map {
        (Array(JSON.unquoted(text(children[$0])).utf8), children[$0], children[$0 + 1])
      }
    }
  }

  private let target: Source
  private let patch: Source
  private(set) var output: [UInt8] = []

  init(_ target: UnsafeBufferPointer<UInt8>, _ patch: UnsafeBufferPointer<UInt8>) {
    (self.target, self.patch) = (Source(target), Source(patch))
    output.reserveCapacity(target.count + patch.count)
  }

  /// Writes an object of the target, or an empty one for `nil`, changed by an object of the patch.
  mutating func write(_ node: Int?, patchedBy change: Int) {
    let changes = patch.members(of: change)
    let changed = Dictionary(changes.map { ($0.name, $0.value) }) { _, last in last }
    var kept: Set<[UInt8]> = []
    var isFirst = true
    output.append(UInt8(ascii: "{"))
    func begin(_ name: Slice<UnsafeBufferPointer<UInt8>>) {
      if !isFirst { output.append(UInt8(ascii: ",")) }
      isFirst = false
      output.append(contentsOf: name)
      output.append(UInt8(ascii: ":"))
    }
    for member in node.map(target.members) ?? [] {
      kept.insert(member.name)
      guard let change = changed[member.name] else {
        begin(target.text(member.nameNode))
        output.append(contentsOf: target.text(member.value))
        continue
      }
      if patch.isNull(change) { continue }
      begin(target.text(member.nameNode))
      writeValue(target.isObject(member.value) ? member.value : nil, change)
    }
    for change in changes where !patch.isNull(change.value) && !kept.contains(change.name) {
      begin(patch.text(change.nameNode))
      writeValue(nil, change.value)
    }
    output.append(UInt8(ascii: "}"))
  }

  private mutating func writeValue(_ node: Int?, _ change: Int) {
    if patch.isObject(change) {
      write(node, patchedBy: change)
    } else {
      output.append(contentsOf: patch.text(change))
    }
  }
}
