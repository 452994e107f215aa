import KV

/// The attributes that a query asks for, and whether a node or an edge that it comes to has them.
struct AskedAttributes {
  private var found: Set<ByteKey> = []
  private var missed: Set<ByteKey> = []
  /// What those have instead that were asked in vain.
  private var others: Set<String> = []
  /// The names of the last answers, for most are asked for again and again.
  private var lastFound = ""
  private var lastMissed = ""

  /// From how many owners the other names are taken.
  private static let mostSamples = 100
  private var samples = 0

  /// Keeps that a node or an edge was asked for an attribute.
  /// - Parameters:
  ///   - value: what it has there.
  ///   - others: the names that it has.
  mutating func note(_ name: String, _ value: Value?, others: @autoclosure () -> some Sequence<String>) {
    value == nil ? noteMissed(name, others: others()) : noteFound(name)
  }

  private mutating func noteFound(_ name: String) {
    if name.hasSameBytes(as: lastFound) { return }
    found.insert(ByteKey(name))
    lastFound = name
  }

  private mutating func noteMissed(_ name: String, others: @autoclosure () -> some Sequence<String>) {
    if samples < Self.mostSamples {
      samples += 1
      self.others.formUnion(others())
    }
    if name.hasSameBytes(as: lastMissed) { return }
    missed.insert(ByteKey(name))
    lastMissed = name
  }

  /// Those of the names that were asked for in vain each time, each with those that are written nearly so.
  func missing(among names: [String]) -> [(name: String, similar: [String])] {
    names.filter { missed.contains(ByteKey($0)) && !found.contains(ByteKey($0)) }.map { name in
      (name, namesNear(name, among: others.sorted()))
    }
  }
}
