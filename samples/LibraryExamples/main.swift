// What the libraries are for, an idea a file: `swift run LibraryExamples`.
import KV
import KVSQLite

let database = try await SQLiteStore(sqlite: ":memory:")
try await putAndFetch(in: database)
try await runTasks(of: database)
try await runNightly(in: database)
try await useDoor(in: database)
