// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "kv",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "kv", targets: ["KVCommand"]),
    .library(name: "KV", targets: ["KV"]),
    .library(name: "KVSQLite", targets: ["KVSQLite"]),
    .library(name: "KVPostgres", targets: ["KVPostgres"]),
    .library(name: "KVRqlite", targets: ["KVRqlite"]),
    .library(name: "KVSQL", targets: ["KVSQL"]),
    .library(name: "KVGraph", targets: ["KVGraph"]),
    .library(name: "KVGraphView", targets: ["KVGraphView"]),
    .library(name: "KVQuery", targets: ["KVQuery"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
  ],
  targets: [
    .systemLibrary(
      name: "CSQLite", pkgConfig: "sqlite3",
      providers: [.apt(["libsqlite3-dev"]), .brew(["sqlite3"])]),
    .target(name: "CPostgres"),
    .target(name: "CCurl"),
    .target(name: "CGraphviz"),
    .target(name: "CExpat"),
    .target(name: "KV"),
    .target(name: "KVSQL", dependencies: ["KV", .product(name: "Logging", package: "swift-log")]),
    .target(name: "KVSQLite", dependencies: ["KV", "KVSQL", "CSQLite"]),
    .target(
      name: "KVPostgres",
      dependencies: ["KV", "KVSQL", "CPostgres", .product(name: "Logging", package: "swift-log")]),
    .target(
      name: "KVRqlite",
      dependencies: ["KV", "KVSQL", "CCurl", .product(name: "Logging", package: "swift-log")]),
    .target(
      name: "KVGraph",
      dependencies: [
        "KV", "CExpat", "CGraphviz", .product(name: "HeapModule", package: "swift-collections"),
        .product(name: "DequeModule", package: "swift-collections"),
      ]),
    .target(
      name: "KVGraphView", dependencies: ["KV", "KVGraph", "CGraphviz"],
      resources: [.embedInCode("Page/page.css")]
        + ["graph", "view", "choice", "pointer", "labels", "search", "theme", "export", "start"].map {
          .embedInCode("Page/scripts/\($0).js")
        }),
    .target(
      name: "KVQuery",
      dependencies: ["KV", "KVGraph", .product(name: "HeapModule", package: "swift-collections")]),
    .executableTarget(
      name: "KVCommand",
      dependencies: [
        "KV", "KVSQLite", "KVPostgres", "KVRqlite", "KVGraph", "KVGraphView", "KVQuery",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "SystemPackage", package: "swift-system"),
        .product(name: "Subprocess", package: "swift-subprocess"),
      ],
      // At a fixed address, as Go's programs are: moving 59,000 addresses at each start was a fifth of the time of a short command.
      linkerSettings: [
        .unsafeFlags(["-Xclang-linker", "-no-pie"], .when(platforms: [.linux], configuration: .release))
      ]),
    .executableTarget(
      name: "LibraryTour", dependencies: ["KV", "KVSQLite", "KVGraph"], path: "samples/LibraryTour"),
    .executableTarget(
      name: "LibraryExamples", dependencies: ["KV", "KVSQLite"], path: "samples/LibraryExamples"),
    .executableTarget(
      name: "GraphBenchmark", dependencies: ["KV", "KVSQLite", "KVGraph"], path: "Benchmarks/Graph"),
    .target(
      name: "TestSupport",
      dependencies: ["KV", "KVSQL", "KVSQLite", "KVPostgres", "KVRqlite", "KVGraph", "CSQLite", "CPostgres"],
      path: "Tests/Support"),
    .executableTarget(
      name: "BrowserPages", dependencies: ["KV", "KVGraph", "KVGraphView", "TestSupport"],
      path: "Tests/Browser"),
    .executableTarget(
      name: "CrashTest",
      dependencies: [
        "KV", "KVSQLite", "TestSupport",
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "SystemPackage", package: "swift-system"),
      ], path: "Tests/Crash"),
    .executableTarget(
      name: "Fuzz",
      dependencies: [
        "TestSupport", .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "SystemPackage", package: "swift-system"),
      ], path: "Tests/Fuzz", exclude: ["seeds.txt"]),
    .testTarget(name: "KVTests", dependencies: ["KV", "TestSupport"]),
    .testTarget(name: "ConformanceTests", dependencies: ["KV", "KVGraph", "TestSupport"]),
    .testTarget(name: "KVSQLiteTests", dependencies: ["KV", "KVSQLite", "KVGraph", "TestSupport"]),
    .testTarget(
      name: "KVPostgresTests",
      dependencies: [
        "KV", "KVSQL", "KVPostgres", "KVGraph", "TestSupport", "CPostgres",
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "SystemPackage", package: "swift-system"),
      ]),
    .testTarget(
      name: "KVRqliteTests",
      dependencies: [
        "KV", "KVSQL", "KVRqlite", "KVGraph", "TestSupport",
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "SystemPackage", package: "swift-system"),
      ]),
    .testTarget(
      name: "KVGraphTests", dependencies: ["KV", "KVPostgres", "KVSQLite", "KVGraph", "TestSupport"],
      exclude: ["NetworkX", "Samples"]),
    .testTarget(
      name: "KVGraphViewTests",
      dependencies: ["KV", "KVGraph", "KVGraphView", "CExpat", "CGraphviz", "TestSupport"]),
    .testTarget(name: "KVQueryTests", dependencies: ["KV", "KVGraph", "KVQuery", "KVSQLite", "TestSupport"]),
    .testTarget(
      name: "KVCommandTests",
      dependencies: [
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "SystemPackage", package: "swift-system"), "KVCommand", "LibraryExamples",
        "TestSupport",
      ]),
  ],
  swiftLanguageModes: [.v6]
)

// An async function runs where its caller runs, unless it says otherwise: no change of threads for each edge.
for target in package.targets where target.type != .system {
  target.swiftSettings = [.enableUpcomingFeature("NonisolatedNonsendingByDefault")]
}
