// The libraries in twenty lines: `swift run LibraryTour`.
import KV
import KVGraph
import KVSQLite

let store = try await SQLiteStore(sqlite: ":memory:")
try await store.put("user/alice", JSON(parsing: #"{"name":"Alice"}"#))

let graph = Graph(store)
let alice = NodeReference(type: "User", id: "alice")
let bob = NodeReference(type: "User", id: "bob")
let post = NodeReference(type: "Post", id: "1")
try await graph.add(Edge(from: alice, to: bob, type: "follows"))
try await graph.add(Edge(from: bob, to: post, type: "liked", data: JSON(parsing: #"{"at":"2024-01-16"}"#)))

for try await edge in try await graph.outgoing(of: alice) { print(edge) }
if let path = try await graph.shortestPath(from: alice, to: post).path {
  print("\(path) (depth \(path.depth))")
}
