/// Waits until something that other tasks or processes do is there, without keeping a core busy; a test's time limit ends it.
public func waitUntil(
  isolation: isolated (any Actor)? = #isolation, _ condition: () async throws -> Bool
) async throws {
  while try await !condition() { try await Task.sleep(for: .milliseconds(2)) }
}
