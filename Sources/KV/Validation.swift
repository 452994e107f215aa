/// Checks that a key can be stored: not empty, no NUL.
public func validate(key: String) throws {
  if key.isEmpty { throw KVError(.usage, "the key is empty") }
  if key.utf8.contains(0) { throw KVError(.usage, "the key contains a NUL character") }
}

/// Checks that records can be of a type: it has no NUL.
public func validate(type: String) throws {
  if type.utf8.contains(0) { throw KVError(.usage, "the type contains a NUL character") }
}

/// Checks that a value can be stored. One that was put together may be deeper than any that is read, and a NUL inside a string is JSON, but PostgreSQL cannot hold it: it is refused
/// everywhere, so that data can move.
public func validate(value: JSON) throws {
  if value.containsEscapedNUL {
    throw KVError(.invalidData, "the value contains \\u0000, which not every database can hold")
  }
  if value.isTooDeep {
    throw KVError(
      .invalidData, "the value is nested deeper than \(JSON.maximumDepth) levels, with what is around it")
  }
}

extension NewRecord {
  /// Checks that a load can write the record. The error names its key, and no place among others.
  package func validate() throws {
    do {
      try KV.validate(key: key)
      try KV.validate(type: type)
      try KV.validate(value: value)
      if key.hasPrefix(ConsumerPosition.key(of: "")) {
        throw KVError(.invalidData, "key \(JSON(key)) is a consumer's position, which no load writes")
      }
    } catch var error as KVError {
      (error.mutationIndex, error.key) = (nil, key)
      throw error
    }
  }
}
