import ArgumentParser
import KV

struct LockCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lock", abstract: "Leases on names.",
    subcommands: [LockAcquire.self, LockRelease.self, LockStatus.self, LockList.self])
}

struct LockAcquire: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "acquire", abstract: "Take a lease, or extend one that is held already.",
    discussion: "EXAMPLE\n  kv lock acquire nightly host-1 --duration 1h30m")

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @Argument(help: "What to lock.", completion: Completion.locks) var name: Text
  @Argument(help: "Who holds it.") var lockedBy: Text
  @Option(help: "How long, such as 500ms, 10m or 1h30m.") var duration = Length.minutes(10)

  func run() async throws {
    let store = try await database.open(for: .write)
    let acquired = try await store.acquireLease(
      name.value, holder: lockedBy.value, duration: duration.duration)
    guard let acquired else {
      let holder = try await store.lease(name.value).map {
        ": held by \(JSON($0.holder)) until \($0.expires)"
      }
      throw KVError(.conflict, "the lock \(JSON(name.value)) is not free\(holder ?? "")")
    }
    try await Output.line("Acquired \(name.value) until \(acquired.expires)")
  }
}

struct LockRelease: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "release", abstract: "Give a lease up.",
    discussion: "EXAMPLE\n  kv lock release nightly host-1")

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @Argument(help: "What is locked.", completion: Completion.locks) var name: Text
  @Argument(help: "Who holds it.") var lockedBy: Text

  func run() async throws {
    let store = try await database.open(for: .write)
    do {
      try await store.releaseLease(name.value, holder: lockedBy.value)
    } catch let error as KVError where error.code == .notFound {
      throw try await store.absence(ofLease: name.value, of: lockedBy.value)
    }
    try await Output.line("Released \(name.value)")
  }
}

struct LockStatus: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Print who holds a lease, and until when.",
    discussion: "EXAMPLE\n  kv lock status nightly")

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @Argument(help: "What may be locked.", completion: Completion.locks) var name: Text
  @OptionGroup var output: ListOptions

  func run() async throws {
    let store = try await database.open(for: .read)
    guard let lease = try await store.lease(name.value) else {
      throw try await store.absence(ofLease: name.value)
    }
    try await output.print(lease, as: .leases, inPipe: .json, onTerminal: .json)
  }
}

struct LockList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Print all leases, by name, those that have run out too.",
    discussion: "EXAMPLE\n  kv lock list --format table")

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @OptionGroup var window: ListWindow
  @OptionGroup var output: ListOptions

  func run() async throws {
    let leases = try await database.open(for: .read).leases()
    try await output.print(leases, as: .leases, inPipe: .json, window: window)
  }
}
