import ArgumentParser
import KV
import KVGraph
import SystemPackage

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

struct Import: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Store the edges and nodes of JSON files, each file in one transaction.",
    discussion: """
      Formats: an array of edges, {"nodes":[…],"edges":[…]}, JSON Lines, and node-link JSON as NetworkX writes it. \
      An edge is {"from":"User:alice","to":"User:bob","type":"follows","data":…}.

      EXAMPLE
        kv graph import samples/social.json
        zcat edges.jsonl.gz | kv graph import -
      """)

  @OptionGroup var database: DatabaseOptions
  @Argument(help: "The files; - for standard input.") var files: [String]
  @Option(help: "auto, json, jsonl or node-link.") var format = ImportFormat.auto
  @Option(help: "What to do with an edge that exists: error, skip or replace.") var onConflict =
    ConflictPolicy.error
  @Option(help: "The type of nodes for which the file names none.") var nodeType: String?
  @Option(help: "The type of edges for which the file names none.") var edgeType: String?

  func run() async throws {
    let options = ImportOptions(
      format: format, onConflict: onConflict, nodeType: nodeType, edgeType: edgeType)
    // Opened first, so that a file that is not there leaves no new database behind.
    for file in files where file != "-" { try Self.open(file).close() }
    let graph = try await database.graph(for: .write)
    for file in files {
      let clock = ContinuousClock()
      let start = clock.now
      let progress: @Sendable (Int) -> Void = { edges in
        Output.progress("\(file): \(edges) edges, \(rate(edges, since: start)) edges/s")
      }
      let summary: ImportSummary
      do {
        defer { Output.progress("") }
        summary = try await graph.load(Self.source(file), options: options, progress: progress)
      }
      let edges = summary.edges
      var line = "\(file): \(edges.added) edges added, \(edges.replaced) replaced, \(edges.skipped) skipped"
      let entities = summary.entities
      if entities != BulkCounts() {
        line +=
          "; \(entities.added) entities added, \(entities.replaced) replaced, \(entities.skipped) skipped"
      }
      let total = edges.added + edges.replaced + edges.skipped
      line += "; \((ContinuousClock.now - start).seconds(digits: 2)) s, \(rate(total, since: start)) edges/s"
      try await Output.line(line)
    }
  }

  private static func open(_ path: String) throws -> FileDescriptor {
    do {
      let file = try FileDescriptor.open(path, .readOnly)
      var status = stat()
      if fstat(file.rawValue, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
        try file.close()
        throw Errno.isDirectory
      }
      return file
    } catch {
      throw KVError(.failed, "cannot read \(path): \(error)")
    }
  }

  private static func source(_ file: String) -> ImportSource {
    ImportSource(name: file == "-" ? "standard input" : file) {
      let descriptor = file == "-" ? FileDescriptor.standardInput : try open(file)
      return { try Input.chunk(from: descriptor, named: file) }
    }
  }
}

extension ImportFormat: ExpressibleByArgument {}
extension ConflictPolicy: ExpressibleByArgument {}

private func rate(_ count: Int, since start: ContinuousClock.Instant) -> Int {
  Int(Double(count) / max((.now - start) / .seconds(1), 0.000_001))
}
