import KV

extension SQLStore {
  public func attributeIndexFaults(repairing: Bool) async throws -> [String] {
    let indexes = Dictionary(grouping: try await attributeIndexes(), by: \.label)
    if indexes.isEmpty { return [] }
    let isMarked = "exists (select 1 from kv_attribute_pending as pending where pending.key ="
    let gone = """
      select distinct key from kv_attribute as held
      where not exists (select 1 from kv where kv.key = held.key) and not \(isMarked) held.key)
      """
    var faults = try await driver.read(SQLStatement(gone)) { $0.text(0) }
    let key = driver.dialect.byteOrdered("key")
    var after = ""
    while true {
      let page = try await records(
        SQLStatement(
          """
          select \(driver.dialect.record(of: "kv")) from kv
          where not (\(driver.dialect.edges.isEdge)) and \(key) > ?1 order by \(key) limit 1000
          """, [.text(after)]))
      guard let last = page.last else { break }
      after = last.key
      // Asked for afterwards, so that what has changed since it was read is marked.
      let keys = SQLValue.list(page.map(\.key))
      let isOnPage = "in (select value from \(driver.dialect.stringList) as list)"
      let held = try await driver.read(
        SQLStatement("select key, label, attribute, value from kv_attribute where key \(isOnPage)", [keys])
      ) { row in
        (key: row.text(0), entry: IndexEntry(label: row.text(1), attribute: row.text(2), value: row.text(3)))
      }
      let marked = try await driver.read(
        SQLStatement("select key from kv_attribute_pending where key \(isOnPage)", [keys])
      ) { ByteKey($0.text(0)) }
      var entries: [ByteKey: Set<IndexEntry>] = [:]
      for (key, entry) in held { entries[ByteKey(key), default: []].insert(entry) }
      for record in page where !marked.contains(ByteKey(record.key)) {
        let expected = IndexedRecord(record).entries(in: indexes).map { index, value in
          IndexEntry(label: index.label, attribute: index.attribute, value: value.sortable.text)
        }
        if entries[ByteKey(record.key), default: []] != Set(expected) { faults.append(record.key) }
      }
    }
    faults.sort { ByteKey($0) < ByteKey($1) }
    if repairing, !faults.isEmpty {
      let marking = SQLAttributeTables.marking(
        "select value from \(driver.dialect.stringList) as list")
      _ = try await write([SQLStatement(marking, [.list(faults)])], alone: true)
      try await readMarked()
    }
    return faults
  }
}

/// What an index holds of a record.
private struct IndexEntry: Hashable {
  var label, attribute, value: ByteKey

  init(label: String, attribute: String, value: String) {
    (self.label, self.attribute, self.value) = (ByteKey(label), ByteKey(attribute), ByteKey(value))
  }
}
