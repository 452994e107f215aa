import KV
import TestSupport
import Testing

/// Leases on names (SPEC 1, 7).
@Suite(.timeLimit(.minutes(60))) struct LeaseTests {
  @Test(arguments: TestBackend.all)
  func aLeaseIsHeldExtendedAndReleased(_ backend: TestBackend) async throws {
    let store = try await backend.store()
    #expect(try await store.lease("l") == nil)
    await expectError(.notFound) { try await store.releaseLease("l", holder: "a") }
    let acquired = try await store.acquireLease("l", holder: "a", duration: .seconds(60))
    #expect(try await acquired == store.lease("l") && acquired?.holder == "a")
    let lock = try #require(try await store.lease("l"))
    #expect(lock.name == "l" && lock.holder == "a" && !lock.isExpired)
    #expect(abs(lock.expires.seconds - lock.acquired.seconds - 60) <= 1)
    #expect(try await store.acquireLease("l", holder: "b", duration: .seconds(60)) == nil)
    await expectError(.conflict) { try await store.releaseLease("l", holder: "b") }
    #expect(try await store.acquireLease("l", holder: "a", duration: .seconds(600)) != nil)
    let extended = try #require(try await store.lease("l"))
    #expect(extended.acquired == lock.acquired && extended.expires > lock.expires)
    #expect(try await store.acquireLease("L", holder: "b", duration: .seconds(60)) != nil)
    #expect(try await store.leases().map(\.name) == ["L", "l"])
    #expect(try await store.leases().last == extended)
    try await store.releaseLease("L", holder: "b")
    try await store.releaseLease("l", holder: "a")
    #expect(try await store.lease("l") == nil)
    #expect(try await store.leases().isEmpty)
    #expect(try await store.acquireLease("l", holder: "b", duration: .milliseconds(600_000)) != nil)
  }

  @Test(
    "a lease that has run out may be taken, in whatever form its time was written", arguments: TestBackend.all
  )
  func expiry(_ backend: TestBackend) async throws {
    let database = try await backend.database()
    let store = try await database.open()
    let past = ["2001-01-01T00:00:00Z", "2001-01-01T00:00:00.123456789Z", "2001-01-01T02:00:00+02:00"]
    for time in past {
      #expect(try await store.acquireLease("l", holder: "a", duration: .seconds(3600)) != nil)
      try await database.query("update locks set \(database.leaseExpiry) = '\(time)'")
      #expect(try await store.lease("l")?.isExpired == true)
      await expectError(.notFound) { try await store.releaseLease("l", holder: "b") }
      #expect(try await store.acquireLease("l", holder: "b", duration: .seconds(3600)) != nil)
      await expectError(.conflict) { try await store.releaseLease("l", holder: "a") }
      try await store.releaseLease("l", holder: "b")
    }
    // An hour from now, written in a zone where it is yesterday's date or tomorrow's.
    let soon = Timestamp(seconds: Timestamp.now().seconds + 3600)
    for hours in [-12, 12] {
      let local =
        "\(Timestamp(seconds: soon.seconds + hours * 3600))".dropLast() + (hours < 0 ? "-12:00" : "+12:00")
      #expect(try await store.acquireLease("l", holder: "a", duration: .seconds(3600)) != nil)
      try await database.query("update locks set \(database.leaseExpiry) = '\(local)'")
      #expect(try await store.lease("l")?.isExpired == false)
      #expect(try await store.lease("l")?.expires == soon)
      #expect(try await store.acquireLease("l", holder: "b", duration: .seconds(3600)) == nil)
      try await store.releaseLease("l", holder: "a")
    }
  }

  @Test("of many who want a lease one gets it", arguments: TestBackend.all)
  func race(_ backend: TestBackend) async throws {
    let database = try await backend.database()
    let stores = [try await database.open(), try await database.open()]
    let winners = try await withThrowingTaskGroup(of: Bool.self) { group in
      for number in 0..<20 {
        group.addTask {
          try await stores[number % 2].acquireLease("l", holder: "h\(number)", duration: .seconds(3600))
            != nil
        }
      }
      return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(winners == 1)
  }

  @Test(arguments: TestBackend.all)
  func wrongUse(_ backend: TestBackend) async throws {
    let store = try await backend.store()
    await expectError(.usage) { try await store.acquireLease("", holder: "a", duration: .seconds(1)) }
    await expectError(.usage) { try await store.acquireLease("l", holder: "", duration: .seconds(1)) }
    await expectError(.usage) { try await store.acquireLease("l", holder: "a", duration: .zero) }
    await expectError(.usage) { try await store.acquireLease("l\0", holder: "a", duration: .seconds(1)) }
    #expect(try await store.acquireLease("long", holder: "a", duration: .seconds(100_000_000_000)) != nil)
    await expectError(.usage) {
      try await store.acquireLease("long", holder: "a", duration: .seconds(Int64.max))
    }
    #expect(try await store.lease("long")?.isExpired == false)
    #expect(try await store.acquireLease("o'l%_\"ö", holder: "h'", duration: .seconds(1)) != nil)
    try await store.releaseLease("o'l%_\"ö", holder: "h'")
  }
}
