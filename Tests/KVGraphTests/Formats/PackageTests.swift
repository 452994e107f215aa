import KV
import KVGraph
import TestSupport
import Testing

/// Lock files and what package managers print: who needs whom.
@Suite struct PackageTests {
  /// The edges that a document becomes, and the nodes that no edge touches.
  private func edges(_ text: String) async throws -> [String] {
    let graph = Graph(try await TestBackend.sqlite.store())
    _ = try await graph.load(ImportSource(name: "packages", text: text))
    var lines: [String] = []
    for try await edge in graph.edges() {
      let target = edge.data?["target"].map { " for \($0.text)" } ?? ""
      lines.append("\(edge.from.id) \(edge.type) \(edge.to.id)\(target)")
    }
    var isolated = NodeSelection()
    isolated.isIsolated = true
    try await graph.forEachNode(isolated) {
      lines.append($0.reference.id)
      return true
    }
    return lines.sorted()
  }

  @Test("a lock file of npm 7: the nearest folder counts, links lead to what they mean, each edge once")
  func lockFile() async throws {
    let edges = try await edges(
      #"""
      {"name":"app","version":"1.0.0","lockfileVersion":3,"packages":{
        "":{"name":"app","version":"1.0.0","dependencies":{"a":"^1","b":"^1","lib":"*"},
          "devDependencies":{"t":"1"},"optionalDependencies":{"gone":"1"},"peerDependencies":{"a":"1"}},
        "lib":{"version":"0.1.0","dependencies":{"b":"1"}},
        "node_modules/lib":{"resolved":"lib","link":true},
        "node_modules/a":{"version":"1.2.0","dependencies":{"b":"^2"}},
        "node_modules/a/node_modules/b":{"version":"2.0.0"},
        "node_modules/b":{"version":"1.0.0","dependencies":{"a":"*"}},
        "node_modules/t":{"version":"1.0.0","dev":true},
        "node_modules/alone":{"version":"3.0.0"}}}
      """#)
    #expect(
      edges == [
        "a@1.2.0 depends b@2.0.0", "alone@3.0.0", "app@1.0.0 depends a@1.2.0", "app@1.0.0 depends b@1.0.0",
        "app@1.0.0 depends lib@0.1.0", "app@1.0.0 dev t@1.0.0", "app@1.0.0 peer a@1.2.0",
        "b@1.0.0 depends a@1.2.0",
        "lib@0.1.0 depends b@1.0.0",
      ])
  }

  @Test("packages of the project itself belong to it")
  func workspaces() async throws {
    let edges = try await edges(
      #"""
      {"name":"app","lockfileVersion":3,"packages":{
        "":{"workspaces":["w"],"dependencies":{"b":"^1"}},"node_modules/b":{"version":"1.0.0"},
        "node_modules/w":{"resolved":"w","link":true},"w":{"version":"2.0.0","dependencies":{"b":"^1"}}}}
      """#)
    #expect(edges == ["app depends b@1.0.0", "app workspace w@2.0.0", "w@2.0.0 depends b@1.0.0"])
    let folders = try await self.edges(
      #"""
      {"name":"app","lockfileVersion":3,"packages":{"":{"workspaces":["packages/*"]},
        "node_modules/foo":{"resolved":"packages/foo","link":true},"packages/foo":{"version":"1.0.0"}}}
      """#)
    #expect(folders == ["app workspace foo@1.0.0"])
  }

  @Test("what a CycloneDX document lists, and what depends on what")
  func cycloneDX() async throws {
    let edges = try await edges(
      #"""
      {"bomFormat":"CycloneDX","specVersion":"1.6","metadata":{"component":{"bom-ref":"r","name":"app","version":"1"}},
       "components":[{"bom-ref":"a","name":"a","version":"2","type":"library","licenses":[],
           "components":[{"bom-ref":"i","name":"inner"}]},{"bom-ref":"b1","name":"b"},{"bom-ref":"b2","name":"b"}],
       "dependencies":[{"ref":"r","dependsOn":["a","b1"]},{"ref":"a","dependsOn":["b2","other"]},{"ref":"b1"}]}
      """#)
    #expect(
      edges == [
        "a@2 contains inner", "a@2 depends b2", "a@2 depends other", "app@1 depends a@2", "app@1 depends b1",
      ])
  }

  @Test("what an SPDX document lists and relates")
  func spdx() async throws {
    let edges = try await edges(
      #"""
      {"SPDXID":"SPDXRef-DOCUMENT","spdxVersion":"SPDX-2.3","name":"app","creationInfo":{"created":"2026-01-01"},
       "packages":[{"SPDXID":"SPDXRef-a","name":"a","versionInfo":"1.0","externalRefs":[{}]},{"SPDXID":"SPDXRef-b","name":"b"},
         {"SPDXID":"SPDXRef-b2","name":"b"}],
       "files":[{"SPDXID":"SPDXRef-f","fileName":"./f.c"}],
       "relationships":[{"spdxElementId":"SPDXRef-DOCUMENT","relatedSpdxElement":"SPDXRef-a","relationshipType":"DESCRIBES"},
         {"spdxElementId":"SPDXRef-a","relatedSpdxElement":"SPDXRef-b2","relationshipType":"DEPENDS_ON"},
         {"spdxElementId":"SPDXRef-a","relatedSpdxElement":"SPDXRef-f","relationshipType":"CONTAINS"},
         {"spdxElementId":"SPDXRef-b","relatedSpdxElement":"NOASSERTION","relationshipType":"DEPENDS_ON"},
         {"spdxElementId":"SPDXRef-b","relatedSpdxElement":"DocumentRef-x:SPDXRef-y","relationshipType":"DEPENDS_ON"}]}
      """#)
    #expect(
      edges == [
        "SPDXRef-b DEPENDS_ON DocumentRef-x:SPDXRef-y", "a@1.0 CONTAINS ./f.c", "a@1.0 DEPENDS_ON SPDXRef-b2",
        "app DESCRIBES a@1.0",
      ])
  }

  @Test("a lock file of npm 6: folders say where packages lie, requires who needs them")
  func oldLockFile() async throws {
    let edges = try await edges(
      #"""
      {"name":"app","version":"1.0.0","lockfileVersion":1,"requires":true,"dependencies":{
        "a":{"version":"1.0.0","requires":{"b":"^2"},"dependencies":{"b":{"version":"2.0.0"}}},
        "b":{"version":"1.0.0","requires":{"c":"1"}},"c":{"version":"1.0.0","dev":true}}}
      """#)
    #expect(
      edges == [
        "a@1.0.0 depends b@2.0.0", "app@1.0.0 depends a@1.0.0", "app@1.0.0 depends b@1.0.0",
        "app@1.0.0 dev c@1.0.0", "b@1.0.0 depends c@1.0.0",
      ])
  }

  @Test("what npm ls prints: packages inside of those that need them")
  func list() async throws {
    let edges = try await edges(
      #"""
      {"name":"app","version":"1.0.0","dependencies":{"a":{"version":"1.0.0","resolved":"https://x",
        "dependencies":{"b":{"version":"2.0.0"}}},"b":{"version":"2.0.0"},"o":{"version":"1.0.0","optional":true}}}
      """#)
    #expect(
      edges == [
        "a@1.0.0 depends b@2.0.0", "app@1.0.0 depends a@1.0.0", "app@1.0.0 depends b@2.0.0",
        "app@1.0.0 optional o@1.0.0",
      ])
  }

  @Test("what cargo metadata prints: kinds of dependencies are types of edges")
  func cargo() async throws {
    let edges = try await edges(
      #"""
      {"packages":[{"id":"x 1","name":"x","version":"0.1.0","license":"MIT","source":null},
        {"id":"y 1","name":"y","version":"2.0.0"},{"id":"z 1","name":"z","version":"3.0.0"}],
       "resolve":{"nodes":[{"id":"x 1","deps":[{"pkg":"y 1","dep_kinds":[{"kind":null},{"kind":"dev"}]},
         {"pkg":"z 1","dep_kinds":[{"kind":"build","target":"cfg(windows)"},{"kind":"dev","target":"b"},{"kind":"dev","target":"a"},
           {"kind":null,"target":null},{"kind":null,"target":"c"}]},{"pkg":"elsewhere","dep_kinds":[]}]},
         {"id":"y 1","dependencies":["z 1"]}]},"version":1,"workspace_members":["x 1"]}
      """#)
    #expect(
      edges == [
        #"x@0.1.0 build z@3.0.0 for "cfg(windows)""#, "x@0.1.0 depends y@2.0.0",
        "x@0.1.0 depends z@3.0.0", "x@0.1.0 dev y@2.0.0", #"x@0.1.0 dev z@3.0.0 for ["a","b"]"#,
        "y@2.0.0 depends z@3.0.0",
      ])
  }

  @Test("a schema in JSON tells types, ends and attributes")
  func schema() async throws {
    let graph = Graph(try await TestBackend.sqlite.store())
    _ = try await graph.load(
      ImportSource(
        name: "graph",
        text: #"""
          {"nodes":[{"type":"User","id":"a","attributes":{"age":3}}],
           "edges":[{"from":"User:a","to":"Post:1","type":"likes","data":{"at":"x"}}]}
          """#))
    let json = JSON(try await graph.schema())
    #expect(
      json["nodeTypes"]?.elements?.compactMap { $0["type"]?.string } == ["Post", "User"], "\(json.pretty)")
    #expect(
      json["edgeTypes"]?[0]?["type"] == "likes" && json["edgeTypes"]?[0]?["count"] == 1, "\(json.pretty)")
  }
}
