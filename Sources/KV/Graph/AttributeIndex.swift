/// An index of the nodes that have a label, by one attribute.
public struct AttributeIndex: Sendable, Hashable {
  /// The label: the type of a node's record, or one of those that its `@labels` names.
  public var label: String
  /// The name of the attribute.
  public var attribute: String

  /// An index of these parts, which are not checked.
  public init(label: String, attribute: String) { (self.label, self.attribute) = (label, attribute) }

  // By bytes: canonically equivalent texts are different names.
  /// Whether both have the same label and attribute, byte by byte.
  public static func == (left: AttributeIndex, right: AttributeIndex) -> Bool {
    ByteKey(left.label) == ByteKey(right.label) && ByteKey(left.attribute) == ByteKey(right.attribute)
  }

  /// Hashes the bytes of both.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(ByteKey(label))
    hasher.combine(ByteKey(attribute))
  }
}

extension AttributeIndex: CustomStringConvertible {
  /// `User.email`.
  public var description: String { label + "." + attribute }
}

/// What an ``AttributeIndex`` knows of an attribute's value: a number as a `Double`, or the first 64 Unicode scalars of a text, up to a
/// NUL. Other values are in no index.
public struct IndexedValue: Sendable, Hashable {
  /// A text whose bytes order as the values do, numbers before texts, so that no database rounds or knows another order.
  package let sortable: ByteKey

  /// What an index knows of a text.
  public init(_ text: String) {
    // Not every database takes a NUL. Texts that are cut so keep their order.
    var kept = String.UnicodeScalarView("t".unicodeScalars)
    for scalar in text.unicodeScalars.prefix(64) {
      if scalar == "\0" { break }
      kept.append(scalar)
    }
    sortable = ByteKey(String(kept))
  }

  /// What an index knows of a number.
  public init(_ number: Double) {
    // Both zeros are one number. The greater a negative number, the smaller are its bits.
    let bits = (number == 0 ? 0 : number).bitPattern
    let digits = String(bits >> 63 == 0 ? bits | 1 << 63 : ~bits, radix: 16)
    sortable = ByteKey("n" + String(repeating: "0", count: 16 - digits.utf8.count) + digits)
  }

  /// What an index knows of a value; `nil` where it is neither number nor text.
  public init?(_ value: JSON) {
    if let text = value.string {
      self.init(text)
    } else if value.kind == .number, let number = Double(value.text) {
      self.init(number)
    } else {
      return nil
    }
  }

  private init(sortable: String) { self.sortable = ByteKey(sortable) }

  /// What stands before all numbers.
  public static let leastNumber = IndexedValue(sortable: "n")
  /// What stands behind all numbers, and before all texts.
  public static let greatestNumber = IndexedValue(sortable: "o")
  /// What stands before all texts but the empty one.
  public static let leastText = IndexedValue(sortable: "t")
  /// What stands behind all texts.
  public static let greatestText = IndexedValue(sortable: "u")
}

extension IndexedValue: Comparable {
  /// Whether a value stands before another.
  public static func < (left: IndexedValue, right: IndexedValue) -> Bool { left.sortable < right.sortable }
}

/// What is looked for in an ``AttributeIndex``.
public enum AttributeRange: Sendable, Equatable {
  /// One of some values.
  case oneOf([IndexedValue])
  /// What stands from the first to the second, both included.
  case between(IndexedValue, IndexedValue)
}

/// Indexes of nodes by attributes.
///
/// An index is right whoever writes: the database itself marks each record that changes, and one that is marked is among the answers
/// until it has been read again.
public protocol AttributeIndexing: Sendable {
  /// The indexes that there are, by label and attribute. Cost: one request where there are none, else two.
  func attributeIndexes() async throws -> [AttributeIndex]

  /// Makes an index. Cost: all records of nodes are read again.
  /// - Returns: false where it was there.
  func createIndex(_ index: AttributeIndex) async throws -> Bool

  /// Deletes an index.
  /// - Returns: false where it was not there.
  func dropIndex(_ index: AttributeIndex) async throws -> Bool

  /// The records whose attribute may be in a range, in no order that is promised: all that are, those that are not far off, and those that
  /// have changed lately, as they are at one moment. Cost: one request.
  func candidates(in index: AttributeIndex, _ range: AttributeRange) async throws -> [Record]

  /// The keys, in order, of records of which an index does not hold what it has to, and that are not marked. Cost: a read of all records of
  /// nodes, where there are indexes, and of what these hold.
  /// - Parameter repairing: whether they are read again.
  func attributeIndexFaults(repairing: Bool) async throws -> [String]
}
