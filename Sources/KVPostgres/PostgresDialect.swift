import KV
import KVSQL

extension SQLDialect {
  static let postgres = SQLDialect(
    stringList: stringList, byteOrdered: { "\($0) collate \"C\"" },
    edges: Edges(
      outgoingKeys: { value in
        """
        select list.position, kv.key\(value.map { ", " + $0 } ?? "") from \(stringList) as list cross join lateral (
          select key\(value == nil ? "" : ", value") from kv where key collate "C" >= '\(EdgeKey.prefix)' || list.value || '/'
            and key collate "C" < '\(EdgeKey.prefix)' || list.value || '0' offset 0) as kv
        order by list.position, kv.key collate "C"
        """
      },
      incomingKeys: { value in
        """
        select list.position, kv.key\(value.map { ", " + $0 } ?? "") from \(stringList) as list cross join lateral (
          select key\(value == nil ? "" : ", value") from \(edgesByTarget) as edge where edge.target = list.value
          offset 0) as kv
        order by list.position, kv.key collate "C"
        """
      },
      byTarget: edgesByTarget, isEdge: PostgresSchema.isEdge("key")),
    attributes: .postgres,
    latestSequence: "select kv_stream_horizon()",
    // The sequence is not of the moment of a snapshot: see ``PostgresDriver/readSnapshot(_:_:)``.
    storedSequence: """
      select greatest(coalesce(max(seq), 0), nullif(current_setting('kv.horizon', true), '')::bigint) as sequence
      from stream
      """,
    setSequence: { sequence in
      [
        SQLStatement(
          "select setval('stream_seq_seq', greatest(?1::bigint, 1), ?2::bigint > 0)",
          [.integer(sequence), .integer(sequence)])
      ]
    }, commitsOutOfOrder: true, tellsAllChanges: PostgresSchema.runsTriggers,
    deleteInOrder: { "select from kv_delete(array(\($0)))" }, leaseExpiry: "lock_until",
    lockingRows: " for update", skippingLockedRows: " for update skip locked",
    clock: Clock(
      now: "statement_timestamp()",
      later: { "(statement_timestamp() + (\($0)::text || ' seconds')::interval)" },
      instant: { $0 }, currentInstant: "statement_timestamp()",
      text: { "to_char(\($0) at time zone 'utc', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"000Z\"')" },
      // Rounded, the last of a year would be in the next, which may be one of five digits.
      stored: { $0.replacing(/(\.[0-9]{6})[0-9]+/) { "\($0.output.1)" } }),
    taskArrival: "id", mayHaveMember: { ("jsonb_exists(value, ?1)", [.text($0)]) },
    jsonArray: { "json_build_array(\($0))::text" }, bind: { .text($0.text) })

  private static let stringList = """
    (select position - 1 as position, value
     from jsonb_array_elements_text(?1) with ordinality as element (value, position))
    """

  private static let edgesByTarget =
    "(select \(PostgresSchema.edgeTarget) as target, key, value from kv where \(PostgresSchema.isEdge("key")))"
}
