import KV

extension Value {
  /// The members of a map, or the attributes of a node or an edge: values by names, which are told apart by their bytes, as keys and ids are.
  public struct Members: Sendable {
    private var values: [ByteKey: Value] = [:]

    /// No members.
    public init() {}

    /// Members of which the last counts where several have one name.
    ///
    /// - Parameter members: names with their values.
    public init(_ members: some Sequence<(String, Value)>) {
      for (name, value) in members { self[name] = value }
    }

    /// The value of a name; `nil` where there is none. Setting `nil` takes it away.
    public subscript(name: String) -> Value? {
      get { values[ByteKey(name)] }
      set { values[ByteKey(name)] = newValue }
    }

    /// How many there are.
    public var count: Int { values.count }
    /// Whether there is none.
    public var isEmpty: Bool { values.isEmpty }
    /// The names, in the order of their bytes.
    public var names: [String] { map(\.name) }

    /// The value of a name, which is taken away.
    mutating func remove(_ name: String) -> Value? { values.removeValue(forKey: ByteKey(name)) }

    /// With those of others, which count where both have a name.
    func merging(_ others: Members) -> Members {
      var merged = self
      merged.values.merge(others.values) { $1 }
      return merged
    }

    var withoutNulls: Members {
      var kept = self
      kept.values = values.filter { !$0.value.isNull }
      return kept
    }
  }
}

extension Value.Members: ExpressibleByDictionaryLiteral {
  /// Members of which the last counts where several have one name.
  public init(dictionaryLiteral elements: (String, Value)...) { self.init(elements) }
}

extension Value.Members: Sequence {
  /// Goes through the members in the order of their names' bytes.
  public func makeIterator() -> IndexingIterator<[(name: String, value: Value)]> {
    values.sorted { $0.key < $1.key }.map { (name: $0.key.text, value: $0.value) }.makeIterator()
  }
}
