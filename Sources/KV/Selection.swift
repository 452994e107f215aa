/// A set of records, by key. Keys compare byte by byte.
public enum Selection: Sendable, Equatable {
  /// Every record.
  case all
  /// Every key that begins with these bytes; no character is special.
  case prefix(String)
  /// Every key from `from` up to, but not including, `to`.
  case range(from: String, to: String)
  /// Every record of this type.
  case type(String)

  /// The first key of the selection and the first key past it (`nil`: to the end).
  public var bounds: (from: String, to: String?) {
    switch self {
    case .all, .type: ("", nil)
    case .prefix(let prefix): (prefix, Self.end(ofPrefix: prefix))
    case .range(let from, let to): (from, to)
    }
  }

  /// Whether the record is one of the selection.
  public func contains(_ record: Record) -> Bool {
    if case .type(let type) = self { return record.type.hasSameBytes(as: type) }
    return isPossible(for: record.key)
  }

  /// Whether a record under the key can be one of the selection, as far as the key tells.
  package func isPossible(for key: String) -> Bool {
    let (from, to) = bounds
    return !key.utf8.lexicographicallyPrecedes(from.utf8)
      && to.map { key.utf8.lexicographicallyPrecedes($0.utf8) } ?? true
  }

  /// The smallest string greater than every string with the prefix, or `nil` where there is none.
  ///
  /// UTF-8 keeps the order of scalars, so adding one to the last scalar (and dropping trailing scalars
  /// that cannot grow) is exact, and the result is valid UTF-8.
  static func end(ofPrefix prefix: String) -> String? {
    var scalars = Array(prefix.unicodeScalars)
    while let last = scalars.popLast() {
      // The surrogates, between U+D7FF and U+E000, are no scalars.
      let next = last.value == 0xD7FF ? 0xE000 : last.value + 1
      if let scalar = Unicode.Scalar(next) {
        scalars.append(scalar)
        var end = String.UnicodeScalarView()
        end.append(contentsOf: scalars)
        return String(end)
      }
    }
    return nil
  }
}

/// Which part of a selection, in key order, to read or to delete.
public struct Page: Sendable, Equatable {
  /// Only keys after this one: the way to continue without skipping or repeating while others write.
  public var after: String?
  /// How many records to skip, after `after`; not negative. They are read all the same, so `after` is the cheaper way to continue.
  public var offset: Int
  /// At most so many records, not negative; `nil` for all.
  public var limit: Int?

  /// A page of these bounds; without arguments, the whole selection.
  public init(after: String? = nil, offset: Int = 0, limit: Int? = nil) {
    self.after = after
    self.offset = offset
    self.limit = limit
  }

  /// The whole selection.
  public static let all = Page()

  /// Throws a usage error where a bound is negative.
  package func validate() throws {
    if offset < 0 { throw KVError(.usage, "the offset \(offset) is negative") }
    if let limit, limit < 0 { throw KVError(.usage, "the limit \(limit) is negative") }
  }
}
