import KV
import Synchronization

extension SQLStore {
  public func attributeIndexes() async throws -> [AttributeIndex] {
    guard try await hasAttributeTables() else { return [] }
    let order = ["label", "attribute"].map(driver.dialect.byteOrdered).joined(separator: ", ")
    return try await driver.read(
      SQLStatement("select label, attribute from kv_attribute_index order by \(order)")
    ) { AttributeIndex(label: $0.text(0), attribute: $0.text(1)) }
  }

  private func hasAttributeTables() async throws -> Bool {
    try await driver.readRow(SQLStatement(driver.dialect.attributes.existing)) { _ in true } ?? false
  }

  public func createIndex(_ index: AttributeIndex) async throws -> Bool {
    let names = [SQLValue.text(index.label), .text(index.attribute)]
    if !(try await hasAttributeTables()) {
      _ = try await write(
        driver.dialect.attributes.creation.map { SQLStatement($0, isIdempotent: true) }, alone: true)
    }
    let outcomes = try await write(
      [
        SQLStatement(
          """
          insert into kv_attribute_index (label, attribute) select ?1, ?2
          where not exists (select 1 from kv_attribute_index where label = ?1 and attribute = ?2)
          """, names),
        SQLStatement(
          SQLAttributeTables.marking("select key from kv where not (\(driver.dialect.edges.isEdge))")),
      ], alone: true)
    attributeMarks.hasTables = true
    try await readMarked()
    return outcomes[0].changes > 0
  }

  public func dropIndex(_ index: AttributeIndex) async throws -> Bool {
    guard try await attributeIndexes().contains(index) else { return false }
    let names = [SQLValue.text(index.label), .text(index.attribute)]
    _ = try await write(
      ["kv_attribute_index", "kv_attribute"].map {
        SQLStatement("delete from \($0) where label = ?1 and attribute = ?2", names)
      }, alone: true)
    if try await attributeIndexes().isEmpty {
      _ = try await write(driver.dialect.attributes.removal.map { SQLStatement($0) }, alone: true)
      attributeMarks.hasTables = false
    }
    return true
  }

  public func candidates(in index: AttributeIndex, _ range: AttributeRange) async throws -> [Record] {
    let names = [SQLValue.text(index.label), .text(index.attribute)]
    // The list has to be the first parameter.
    var condition = "value between ?1 and ?4"
    let (first, last): (SQLValue, [SQLValue])
    switch range {
    case .oneOf(let values):
      condition = "value in (select value from \(driver.dialect.stringList) as list)"
      (first, last) = (.list(values.map(\.sortable.text)), [])
    case .between(let least, let greatest):
      (first, last) = (.text(least.sortable.text), [.text(greatest.sortable.text)])
    }
    let sql = """
      select \(driver.dialect.record(of: "kv")) from (
        select key from kv_attribute where label = ?2 and attribute = ?3 and \(condition)
        union select key from kv_attribute_pending) as found
      cross join kv where kv.key = found.key
      """
    return try await records(SQLStatement(sql, [first] + names + last))
  }

  // MARK: records that have changed

  /// How many records at least have changed before they are read for the indexes: until then they are read with each answer.
  private static var mostMarked: Int { 100 }

  /// Reads what has changed, where much has: at the first write of this store, and then from time to time.
  func readMarkedAfterWrite() async {
    guard attributeMarks.isLookDue(every: Self.mostMarked), !LoadScope.contains(driver) else { return }
    // The write has been made, and what stays marked is still found.
    try? await readManyMarked()
  }

  func readManyMarked() async throws {
    let hasTables: Bool
    if let known = attributeMarks.hasTables {
      hasTables = known
    } else {
      hasTables = try await hasAttributeTables()
      attributeMarks.hasTables = hasTables
    }
    guard hasTables else { return }
    let many = SQLStatement(
      "select 1 from kv_attribute_pending limit 1 offset ?1", [.integer(Self.mostMarked)])
    if try await driver.readRow(many, decode: { _ in true }) == true { try await readMarked() }
  }

  /// Reads all records that have changed.
  func readMarked() async throws {
    let indexes = Dictionary(grouping: try await attributeIndexes(), by: \.label)
    let value = driver.dialect.storedValue("kv.value")
    var last = 0
    while true {
      let sql = """
        select mark, pending.key, case when kv.key is null then 0 else 1 end, kv.type, \(value)
        from kv_attribute_pending as pending left join kv on kv.key = pending.key
        where mark > ?1 order by mark limit 1000
        """
      let records = try await driver.read(SQLStatement(sql, [.integer(last)])) { row in
        // What is damaged has no attributes, and says so where it is read.
        let isThere = try row.integer(2) == 1
        return (
          mark: try row.integer(0),
          record: IndexedRecord(
            key: row.text(1), type: isThere ? row.text(3) : "", value: isThere ? try? row.json(4) : nil)
        )
      }
      guard let end = records.last else { return }
      last = end.mark
      let marks = SQLValue.list(records.map { String($0.mark) })
      let isMarked = "mark in (select cast(value as bigint) from \(driver.dialect.stringList) as list)"
      var statements = [
        SQLStatement(
          "delete from kv_attribute where key in (select key from kv_attribute_pending where \(isMarked))",
          [marks])
      ]
      for (mark, record) in records {
        for (index, value) in record.entries(in: indexes) {
          statements.append(
            SQLStatement(
              """
              insert into kv_attribute (key, label, attribute, value) select ?1, ?2, ?3, ?4
              where exists (select 1 from kv_attribute_pending where mark = ?5) on conflict do nothing
              """,
              [
                .text(record.key), .text(index.label), .text(index.attribute), .text(value.sortable.text),
                .integer(mark),
              ]
            ))
        }
      }
      statements.append(SQLStatement("delete from kv_attribute_pending where \(isMarked)", [marks]))
      _ = try await write(statements, alone: true)
    }
  }
}

/// Whether there are attribute indexes, as far as a store has seen, and when it looks whether much has changed.
final class AttributeMarks: Sendable {
  private let state = Mutex<(hasTables: Bool?, writes: Int)>((nil, 0))

  var hasTables: Bool? {
    get { state.withLock { $0.hasTables } }
    set { state.withLock { $0.hasTables = newValue } }
  }

  /// Counts a write; true for the first, and for each of so many after it, unless there is nothing to look for.
  func isLookDue(every writes: Int) -> Bool {
    state.withLock { state in
      if state.hasTables == false { return false }
      state.writes += 1
      return state.writes % writes == 1
    }
  }
}

/// What indexes look at of a record.
struct IndexedRecord: Sendable {
  var key: String
  var type: String
  /// `nil` where there is no such record any more.
  var value: JSON?

  init(key: String, type: String, value: JSON?) { (self.key, self.type, self.value) = (key, type, value) }

  init(_ record: Record) { self.init(key: record.key, type: record.type, value: record.value) }

  /// What indexes hold of it.
  func entries(in indexes: [String: [AttributeIndex]]) -> [(index: AttributeIndex, value: IndexedValue)] {
    guard let value else { return [] }
    // A record of no node type, as `kv put` writes it, describes a node in whose folder it stands.
    let described = indexes.keys.filter { key.utf8.starts(with: ($0.lowercased() + "/").utf8) }
    let labels = Set([type] + described + (value["@labels"]?.elements?.compactMap(\.string) ?? []))
    return labels.flatMap { indexes[$0] ?? [] }.compactMap { index in
      // What is no object is the attribute `value`, as in queries.
      let attribute =
        value.kind == .object ? value[index.attribute] : index.attribute == "value" ? value : nil
      return attribute.flatMap(IndexedValue.init).map { (index, $0) }
    }
  }
}
