import KV

/// The kinds of dependencies in npm's files, and the types of edges that they become.
private let kinds = [
  (member: "dependencies", type: "depends"), ("devDependencies", "dev"), ("optionalDependencies", "optional"),
  ("peerDependencies", "peer"),
]

/// npm's package-lock.json, versions 1 to 3 (docs.npmjs.com/cli/configuring-npm/package-lock-json).
enum PackageLock {
  static func items(of lock: Members) throws -> [ImportedItem] {
    if let packages = lock["packages"]?.members, !packages.isEmpty { return try items(packages, lock) }
    return try PackageTree.items(of: lock)
  }

  private static func items(_ packages: Members, _ lock: Members) throws -> [ImportedItem] {
    var places: [ByteKey: Int] = [:]
    var nodes: [Package] = []
    // npm leaves out the name of a folder of the project where the link to it has the same.
    let linked = Dictionary(
      packages.filter { $0.value["link"] == JSON(true) }
        .compactMap { link in link.value["resolved"]?.string.map { (ByteKey($0), name(of: link.name)) } }
    ) { first, _ in first }
    for (number, (path, value)) in packages.enumerated() {
      guard let members = value.members else {
        throw JSONShapeError(reason: "the package \(JSON(path)) is \(value.shown), which is no object")
      }
      // A link stands for a folder of the project, which has a place of its own.
      let target = members["link"] == JSON(true) ? members["resolved"]?.string : nil
      places[ByteKey(path)] = number
      let name =
        members["name"]?.string ?? (path.isEmpty ? lock["name"]?.string : nil) ?? linked[ByteKey(path)]
        ?? name(of: target ?? path)
      let kept = members.without(
        "name", "version", "dependencies", "devDependencies", "optionalDependencies", "peerDependencies",
        "link")
      nodes.append(Package(name: name, version: members["version"]?.string, attributes: kept))
    }
    func place(of path: String) -> Int? {
      guard let number = places[ByteKey(path)] else { return nil }
      let members = packages[number].value.members ?? []
      guard members["link"] == JSON(true), let target = members["resolved"]?.string else { return number }
      return places[ByteKey(target)] ?? number
    }
    var items: [ImportedItem] = []
    var edges: [ImportedItem] = []
    var known: Set<ByteKey> = []
    var missing = 0
    for (number, (path, value)) in packages.enumerated() {
      let members = value.members ?? []
      if members["link"] != JSON(true) {
        items.append(nodes[number].item)
      } else if let root = places[ByteKey("")], packages[root].value["workspaces"] != nil,
        let target = place(of: path)
      {
        let (from, to) = (nodes[root].reference, nodes[target].reference)
        if known.insert(ByteKey(Edge(from: from, to: to, type: "workspace").key)).inserted {
          edges.append(Package.edge(from, to, "workspace"))
        }
      }
      for (member, type) in kinds {
        for (name, wanted) in members[member]?.members ?? [] {
          guard let target = resolve(name, from: path, place) else {
            // What is optional, or another's to bring, need not be there.
            missing += 1
            continue
          }
          let (from, to) = (nodes[number].reference, nodes[target].reference)
          // What lies in several folders is one package.
          guard known.insert(ByteKey(Edge(from: from, to: to, type: type).key)).inserted else { continue }
          edges.append(Package.edge(from, to, type, [("range", wanted)]))
        }
      }
    }
    let ignored = (0..<missing).map { _ in ImportedItem.ignored("a dependency that is not installed") }
    return items + edges + ignored
  }

  /// Node.js looks in the folder itself, and then in those around it.
  private static func resolve(_ name: String, from path: String, _ place: (String) -> Int?) -> Int? {
    var folder = path
    while true {
      if let found = place(folder.isEmpty ? "node_modules/\(name)" : "\(folder)/node_modules/\(name)") {
        return found
      }
      if folder.isEmpty { return nil }
      if let range = folder.ranges(of: "/node_modules/").last {
        folder = String(folder[..<range.lowerBound])
      } else {
        folder = ""
      }
    }
  }

  private static func name(of path: String) -> String {
    let marker = "node_modules/"
    guard let range = path.ranges(of: marker).last else { return path }
    return String(path[range.upperBound...])
  }
}

/// Packages inside of packages: `npm ls --json`, and a package-lock.json of version 1.
enum PackageTree {
  private struct Place {
    var package: Package
    var members: Members
    var parent: Int
  }

  static func items(of root: Members) throws -> [ImportedItem] {
    let top = Package(name: root["name"]?.string ?? ".", version: root["version"]?.string)
    var places = [Place(package: top, members: root, parent: -1)]
    var next = 0
    while next < places.count {
      for (name, value) in places[next].members["dependencies"]?.members ?? [] {
        guard let members = value.members else { continue }
        let kept = members.without("dependencies", "requires", "version")
        let package = Package(name: name, version: members["version"]?.string, attributes: kept)
        places.append(Place(package: package, members: members, parent: next))
      }
      next += 1
    }
    var children: [Int: [ByteKey: Int]] = [:]
    for (number, place) in places.enumerated() where place.parent >= 0 {
      children[place.parent, default: [:]][ByteKey(place.package.name)] = number
    }
    var seen: Set<NodeReference> = []
    var items = places.compactMap { seen.insert($0.package.reference).inserted ? $0.package.item : nil }
    var known: Set<ByteKey> = []
    func add(_ from: Int, _ to: Int, _ type: String, _ attributes: Members = []) {
      let (from, to) = (places[from].package.reference, places[to].package.reference)
      // What several packages hold a copy of stands there more than once.
      guard known.insert(ByteKey(Edge(from: from, to: to, type: type).key)).inserted else { return }
      items.append(Package.edge(from, to, type, attributes))
    }
    let hasRequirements = places.contains { $0.members["requires"]?.kind == .object }
    for (number, place) in places.enumerated() {
      // A lock file's folders are where packages lie; who needs them it says in `requires`.
      if hasRequirements {
        for (name, wanted) in place.members["requires"]?.members ?? [] {
          var folder = number
          while folder >= 0, children[folder]?[ByteKey(name)] == nil { folder = places[folder].parent }
          if let target = children[folder]?[ByteKey(name)] {
            add(number, target, "depends", [("range", wanted)])
          }
        }
      }
      if place.parent >= 0, !hasRequirements || place.parent == 0 {
        let type =
          place.members["dev"] == JSON(true)
          ? "dev" : place.members["optional"] == JSON(true) ? "optional" : "depends"
        add(place.parent, number, type)
      }
    }
    return items
  }
}

/// The output of `cargo metadata` (doc.rust-lang.org/cargo/commands/cargo-metadata.html).
enum CargoMetadata {
  static func items(of metadata: Members) throws -> [ImportedItem] {
    var packages: [ByteKey: Package] = [:]
    var items: [ImportedItem] = []
    for value in metadata["packages"]?.elements ?? [] {
      let members = value.members ?? []
      guard let id = members["id"]?.string, let name = members["name"]?.string else {
        throw JSONShapeError(reason: "a package without an 'id' or a 'name', which cargo's metadata has")
      }
      let kept = members.filter {
        ["license", "description", "repository", "edition", "source"].contains($0.name)
      }
      .filter { $0.value != .null }
      let package = Package(name: name, version: members["version"]?.string, attributes: kept)
      packages[ByteKey(id)] = package
      items.append(package.item)
      for other in members where !Self.known.contains(other.name) && other.value != .null {
        items.append(.ignored("\(JSON(other.name)) of packages"))
      }
    }
    for value in metadata["resolve"]?["nodes"]?.elements ?? [] {
      let members = value.members ?? []
      guard let from = members["id"]?.string.flatMap({ packages[ByteKey($0)] }) else { continue }
      let dependencies = members["deps"]?.elements ?? members["dependencies"]?.elements ?? []
      for dependency in dependencies {
        let id = dependency.string ?? dependency["pkg"]?.string ?? ""
        guard let to = packages[ByteKey(id)] else { continue }
        let kinds = Dictionary(grouping: dependency["dep_kinds"]?.elements ?? [.null]) {
          $0["kind"]?.string ?? "depends"
        }
        for (kind, uses) in kinds.sorted(by: { $0.key < $1.key }) {
          items.append(Package.edge(from.reference, to.reference, kind, targets(of: uses)))
        }
      }
    }
    return items
  }

  /// For which platforms alone it is needed, where that is so.
  private static func targets(of uses: [JSON]) -> Members {
    let targets = uses.compactMap { $0["target"]?.string }
    guard targets.count == uses.count, let first = targets.first else { return [] }
    let others = Set(targets)
    return [
      ("target", others.count == 1 ? JSON(first) : JSON(elements: others.sorted().map { JSON($0) }))
    ]
  }

  /// What a package says of itself that is in the graph, or how it is built, which is not.
  private static let known: Set = [
    "id", "name", "version", "license", "description", "repository", "edition", "source", "dependencies",
    "targets",
    "features", "manifest_path", "metadata", "publish", "authors", "categories", "keywords", "readme",
    "homepage",
    "documentation", "links", "default_run", "rust_version", "license_file",
  ]
}
