/// The loads that the current task is inside of: what a write has to know that would wait for one of them.
package enum LoadScope {
  @TaskLocal private static var drivers: [ObjectIdentifier] = []

  package static func contains(_ driver: some SQLDriver) -> Bool {
    drivers.contains(ObjectIdentifier(driver))
  }

  static func with<T: Sendable>(_ driver: some SQLDriver, _ body: () async throws -> T) async throws -> T {
    try await $drivers.withValue(drivers + [ObjectIdentifier(driver)]) { try await body() }
  }
}
