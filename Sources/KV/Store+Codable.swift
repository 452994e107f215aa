#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension Store {
  /// Writes a value by its `Codable` form, under its Swift type's name, and returns the key's new version.
  ///
  ///     try await store.put("person/1", Person(name: "Ann"))       // type "Person"
  @discardableResult
  public func put<Value: Encodable & Sendable>(
    _ key: String, _ value: Value, expecting: Expectation = .any
  ) async throws -> Int {
    try await version(of: .put(key: key, encoding: value, expecting: expecting))
  }

  /// The value under a key, or `nil` where there is none. Throws invalid data where it is of another form.
  public func get<Value: Decodable>(_ key: String, as type: Value.Type = Value.self) async throws -> Value? {
    try await get(key).map { try $0.decoded() }
  }
}

extension Mutation {
  /// A put of a value by its `Codable` form, under its Swift type's name.
  public static func put<Value: Encodable>(
    key: String, encoding value: Value, expecting: Expectation = .any
  ) throws -> Mutation {
    .put(key: key, value: try JSON(encoding: value), type: "\(Value.self)", expecting: expecting)
  }
}

extension Record {
  /// The value as a type. Throws invalid data where it is of another form.
  public func decoded<Value: Decodable>(as type: Value.Type = Value.self) throws -> Value {
    // As it is: Foundation reads less than half as deep.
    if let value = value as? Value { return value }
    do {
      return try value.decoded()
    } catch {
      throw KVError(.invalidData, "the value under \(JSON(key)) is no \(Value.self)", key: key)
    }
  }
}

extension JSON {
  /// The `Codable` form of a value.
  public init(encoding value: some Encodable) throws {
    if let json = value as? JSON {
      self = json
      return
    }
    do {
      try self.init(parsing: Array(JSONEncoder().encode(value)))
    } catch EncodingError.invalidValue(_, let context) {
      // Without the value, which may be secret.
      let path = context.codingPath.map(\.stringValue).joined(separator: ".")
      throw KVError(
        .invalidData,
        "a \(type(of: value)) has no JSON form\(path.isEmpty ? "" : ", at \(path)"): \(context.debugDescription)"
      )
    } catch {
      throw KVError(.invalidData, "a \(type(of: value)) has no JSON form: \(error)")
    }
  }

  /// Throws Foundation's `DecodingError`. Numbers are read as the type can hold them.
  public func decoded<Value: Decodable>(as type: Value.Type = Value.self) throws -> Value {
    try JSONDecoder().decode(type, from: Data(text.utf8))
  }
}
