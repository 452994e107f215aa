import KV

extension SQLStore: GraphStore {
  public func edges(_ query: EdgeQuery) async throws -> EdgeKeyList {
    let value = query.includesValues ? driver.dialect.storedValue("kv.value") : nil
    switch query.scope {
    case .all: return try await page(of: .prefix(EdgeKey.prefix), query, value)
    case .leaving(let nodes), .entering(let nodes):
      if nodes.isEmpty { return EdgeKeyList() }
      if query.isPaged { return try await page(ofEdgesAt: nodes, query, value) }
      let edges = driver.dialect.edges
      let isLeaving = if case .leaving = query.scope { true } else { false }
      let sql = isLeaving ? edges.outgoingKeys(value) : edges.incomingKeys(value)
      return try await edgeKeys(
        SQLStatement(sql, [.list(nodes)]), withValues: query.includesValues)
    }
  }

  private func page(ofEdgesAt nodes: [String], _ query: EdgeQuery, _ value: String?) async throws
    -> EdgeKeyList
  {
    guard nodes.count == 1 else {
      throw KVError(.usage, "a page of edges is of all edges or of those of one node, not of \(nodes.count)")
    }
    if case .leaving = query.scope {
      return try await page(of: .prefix(EdgeKey.prefix + nodes[0] + "/"), query, value)
    }
    let key = driver.dialect.byteOrdered("edge.key")
    let sql = """
      select 0, kv.key\(value.map { ", " + $0 } ?? "") from \(driver.dialect.edges.byTarget) as edge cross join kv
      where kv.key = edge.key and edge.target = ?1 and \(key) > ?2 order by \(key) limit ?3
      """
    let parameters: [SQLValue] = [
      .text(nodes[0]), .text(query.after ?? ""), .integer(query.limit ?? .max),
    ]
    return try await edgeKeys(SQLStatement(sql, parameters), withValues: query.includesValues)
  }

  private func page(of selection: Selection, _ query: EdgeQuery, _ value: String?) async throws
    -> EdgeKeyList
  {
    let page = Page(after: query.after, limit: query.limit)
    let filter = SQLFilter(selection, page: page, driver.dialect)
    let columns = "0, key" + (value.map { ", " + $0 } ?? "")
    let keys = try await edgeKeys(
      SQLStatement("select \(columns) from kv\(filter.clause)", filter.parameters),
      withValues: query.includesValues)
    try page.check(first: keys.first?.key)
    return keys
  }

  public func edgeCount(at scope: EdgeQuery.Scope, upTo limit: Int) async throws -> Int? {
    if driver.coalescesReads { return nil }
    let edges = driver.dialect.edges
    let keys: String
    let nodes: [String]
    switch scope {
    case .all: return min(try await count(.prefix(EdgeKey.prefix)), limit)
    case .leaving(let starts): (keys, nodes) = (edges.outgoingKeys(nil), starts)
    case .entering(let ends): (keys, nodes) = (edges.incomingKeys(nil), ends)
    }
    let statement = SQLStatement(
      "select count(*) from (select 1 from (\(keys)) as keys limit ?2) as counted",
      [.list(nodes), .integer(limit)])
    return try await driver.readRow(statement) { try $0.integer(0) }
  }

  public func keys(_ selection: Selection, after: String?, limit: Int) async throws -> EdgeKeyList {
    try await self.page(of: selection, EdgeQuery(.all, after: after, limit: limit), nil)
  }

  private func edgeKeys(_ statement: SQLStatement, withValues: Bool = false) async throws -> EdgeKeyList {
    try await driver.reduce(statement, into: EdgeKeyList()) { keys, row in
      let value = withValues ? try row.json(2) : nil
      let node = try row.integer(0)
      row.withText(1) { keys.append(node: node, key: $0, value: value) }
    }
  }

  public func firstTarget(from start: String) async throws -> String? {
    let target = driver.dialect.byteOrdered("edge.target")
    let sql = """
      select edge.target from \(driver.dialect.edges.byTarget) as edge where \(target) >= ?1 order by \(target) limit 1
      """
    return try await driver.readRow(SQLStatement(sql, [.text(start)])) { $0.text(0) }
  }

  public func records(mayHave member: String) async throws -> [(key: String, type: String)] {
    let key = driver.dialect.byteOrdered("key")
    let (condition, parameters) = driver.dialect.mayHaveMember(member)
    // Two ranges: one condition with "or" would read all edges.
    let sql = """
      select key, type from kv where \(key) < '\(EdgeKey.prefix)' and \(condition)
      union all select key, type from kv where \(key) >= '\(EdgeKey.end)' and \(condition)
      """
    return try await driver.read(SQLStatement(sql, parameters)) { ($0.text(0), $0.text(1)) }
  }

  public func recordTypes() async throws -> [String] {
    // One look into the index for each type, where `select distinct` would read all of it.
    let sql = """
      with recursive found (type) as (
        select min(type) from kv union all
        select (select min(type) from kv where type > found.type) from found where found.type is not null)
      select type from found where type is not null
      """
    return try await driver.read(SQLStatement(sql)) { $0.text(0) }
  }

  public func databaseID(creating: Bool) async throws -> String? {
    if let known = try await driver.readRow(SQLExtensionSetting.databaseID, decode: { $0.text(0) }) {
      return known
    }
    guard creating else { return nil }
    let digits = (0..<4).map { _ in
      let word = String(UInt32.random(in: .min ... .max), radix: 16)
      return String(repeating: "0", count: 8 - word.utf8.count) + word
    }.joined()
    _ = try await write([SQLStatement(SQLExtensionSetting.nameDatabase, [.text(digits)])], alone: true)
    return try await driver.readRow(SQLExtensionSetting.databaseID) { $0.text(0) }
  }

  public func graphPosition() async throws -> Int? {
    let sequence = try await streamSequence()
    guard driver.dialect.commitsOutOfOrder else { return sequence }
    let stored =
      try await driver.readRow(SQLStatement("select coalesce(max(seq), 0) from stream")) {
        try $0.integer(0)
      } ?? 0
    if stored > sequence { return nil }
    return stored > 0 ? stored : sequence
  }

  public func mark(_ copy: GraphCopy, replacing mark: String?) async throws {
    _ = try await write(
      SQLExtensionSetting.mark(copy.mark, at: copy.sequence, replacing: mark), alone: true)
  }

  /// A query of the creation of a record, as a text that no other change has.
  private var creation: String {
    """
    select '\(SQLExtensionSetting.creation)' || seq || ' ' || \(driver.dialect.clock.text("created")) || ' ' || key from stream
    where seq = ?1 and action = 'create'
    """
  }

  public func creation(at sequence: Int) async throws -> String? {
    try await driver.readRow(SQLStatement(creation, [.integer(sequence)])) { $0.text(0) }
  }

  public func graphChanges(since copy: GraphCopy, limit: Int) async throws -> GraphChanges? {
    let dialect = driver.dialect
    var parameters: [SQLValue] = [
      .integer(copy.sequence), .integer(limit), .text(copy.databaseID), .text(copy.mark),
    ]
    var latest = "(\(dialect.latestSequence))"
    if dialect.commitsOutOfOrder {
      // Asked before, so that all that is settled is seen.
      parameters.append(.integer(try await streamSequence()))
      latest = "?5::bigint"
    }
    let sql = """
      select latest, coalesce(seq, 0), coalesce(action, ''), coalesce(key, ''), coalesce(type, '')
      from (select \(latest) as latest where \(dialect.tellsAllChanges)
        and \(SQLExtensionSetting.isNamed("?3")) and (\(SQLExtensionSetting.isMarked("?4")) or ?4 in (\(creation)))) as state
      left join (select seq, action, key, type from stream where seq >= ?1 order by seq limit ?2) as entry on true
      order by seq
      """
    let rows = try await driver.read(SQLStatement(sql, parameters)) { row in
      (try row.integer(0), try row.integer(1), row.text(2), row.text(3), row.text(4))
    }
    guard let (latest, first, _, _, _) = rows.first else { return nil }
    // The change that the copy ends with, or the one after it, is still there; or there is none.
    guard first > 0 ? first <= copy.sequence + 1 : latest == copy.sequence else { return nil }
    var changes = GraphChanges()
    var last = copy.sequence
    for (_, sequence, action, key, type) in rows where sequence > copy.sequence {
      // Where numbers are given out in the order of commits none is missing, unless somebody has taken entries out.
      guard dialect.commitsOutOfOrder || sequence == last + 1 else { return nil }
      last = sequence
      guard let action = StreamEntry.Action(rawValue: action) else { return nil }
      let change = GraphChanges.Change(sequence: sequence, action: action, key: key, type: type)
      if sequence <= latest { changes.settled.append(change) } else { changes.unsettled.append(change) }
    }
    guard dialect.commitsOutOfOrder || last == latest || rows.count >= limit else { return nil }
    return changes
  }

  public var keepsEdgeIndexRecords: Bool {
    get async throws {
      if let known = keepsIndexRecords.value { return known }
      let keeps = try await driver.read(SQLExtensionSetting.keepsIndexRecords) { $0.text(0) } == ["kept"]
      keepsIndexRecords.value = keeps
      return keeps
    }
  }

  public var loadsAreAtomic: Bool { driver.loadsAreAtomic }

  public func edgeIndexFaults(repairing: Bool) async throws -> [String] {
    guard let check = driver.dialect.edges.indexCheck else { return [] }
    let keys = try await driver.read(SQLStatement(check.faults)) { $0.text(0) }
    if repairing, !keys.isEmpty { _ = try await write(check.repairs.map { SQLStatement($0) }, alone: true) }
    return keys
  }
}
