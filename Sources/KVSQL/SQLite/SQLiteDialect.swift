import KV

extension SQLDialect {
  /// SQLite's SQL, which is rqlite's too.
  ///
  /// - Parameters:
  ///   - incomingEdges: the table expression of ``Edges/byTarget``.
  ///   - now: the time, as SQLite's functions for it take one.
  package static func sqlite(incomingEdges: String, now: String = "'now'") -> SQLDialect {
    let stringList = "(select key as position, value from json_each(?1))"
    var dialect = SQLDialect(
      stringList: stringList, byteOrdered: { $0 },
      edges: Edges(
        // `cross join` keeps the list outside, or the planner scans kv and the list for each row. It also makes the
        // order: the list's, and within a node that of the keys.
        outgoingKeys: { value in
          """
          select list.position, kv.key\(value.map { ", " + $0 } ?? "") from \(stringList) as list cross join kv
          where kv.key >= '\(EdgeKey.prefix)' || list.value || '/'
            and kv.key < '\(EdgeKey.prefix)' || list.value || '0'
          """
        },
        incomingKeys: { value in
          let keys = "\(stringList) as list cross join \(incomingEdges) as edge"
          guard let value else {
            return "select list.position, edge.key from \(keys) where edge.target = list.value"
          }
          return """
            select list.position, edge.key, \(value) from \(keys) cross join kv
            where edge.target = list.value and kv.key = edge.key
            """
        },
        byTarget: incomingEdges, isEdge: SQLiteTables.isEdge("key")),
      attributes: .sqlite,
      latestSequence: "select coalesce(max(seq), 0) from sqlite_sequence where name = 'stream'",
      storedSequence: "select seq as sequence from sqlite_sequence where name = 'stream'",
      setSequence: { sequence in
        [
          SQLStatement("delete from sqlite_sequence where name = 'stream'"),
          SQLStatement("insert into sqlite_sequence (name, seq) values ('stream', ?1)", [.integer(sequence)]),
        ]
      }, commitsOutOfOrder: false, tellsAllChanges: SQLiteTables.hasTriggers,
      deleteInOrder: { "delete from kv where key in (\($0))" },
      leaseExpiry: "expires_at", lockingRows: "", skippingLockedRows: "",
      clock: Clock(
        now: "(strftime('%Y-%m-%dT%H:%M:%f', \(now)) || '000000Z')",
        later: { "(strftime('%Y-%m-%dT%H:%M:%f', \(now), \($0) || ' seconds') || '000000Z')" },
        instant: { "julianday(\($0))" }, currentInstant: "julianday(\(now))", text: { $0 },
        stored: { $0 }),
      taskArrival: "rowid", mayHaveMember: mayHaveMember, jsonArray: { "json_array(\($0))" },
      bind: { $0.kind == .number ? .blob($0.jsonb) : .text($0.text) })
    // Left to itself SQLite takes an index on the status, and sorts all that is pending for each lease.
    dialect.dueTasks = "tasks indexed by kv_tasks_due"
    if incomingEdges == SQLiteTables.incoming { dialect.edges.indexCheck = SQLiteTables.incomingCheck }
    return dialect
  }

  /// In bytes: a cast of JSONB to text ends at a zero, and older versions cannot look into it. Before a name stands the end of its header (its
  /// length, and in a short one the form of text with it) or, in JSON text, a quotation mark; and it may be written with escapes.
  private static func mayHaveMember(_ name: String) -> (condition: String, parameters: [SQLValue]) {
    let name = Array(name.utf8)
    let length = UInt8(truncatingIfNeeded: name.count)
    let forms = (7...10).map { length << 4 | $0 }
    let written = (forms + [length, UInt8(ascii: "\"")]).map { SQLValue.blob([$0] + name) }
    let alternatives = written.indices.map { "instr(value, ?\($0 + 3)) > 0" }.joined(separator: " or ")
    return (
      "(instr(value, ?1) > 0 and (\(alternatives)) or instr(value, ?2) > 0)",
      [.blob(name), .blob(Array(#"\u"#.utf8))] + written
    )
  }
}
