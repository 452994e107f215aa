import KV
import KVSQLite
import TestSupport
import Testing

@testable import KVSQL

@Suite struct QueryPlanTests {
  @Test("a prefix, a range and a page are read by the primary key, never by a scan")
  func rangesAreSearched() async throws {
    let folder = TemporaryFolder()
    let dialect = try await SQLiteStore(sqlite: folder.database).driver.dialect
    for selection in [Selection.prefix("user/"), .range(from: "a", to: "b")] {
      for page in [Page.all, Page(after: "user/x", limit: 10)] {
        let sql = "explain query plan select key from kv" + SQLFilter(selection, page: page, dialect).clause
        let plan = try sqliteQuery(folder.database, sql, column: 3)
        #expect(plan.allSatisfy { $0.hasPrefix("SEARCH kv USING PRIMARY KEY") }, "\(plan)")
      }
    }
  }
}
