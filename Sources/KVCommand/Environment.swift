#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The process's environment.
enum Environment {
  static subscript(name: String) -> String? { getenv(name).map { String(cString: $0) } }

  /// A variable's bytes, which need not be UTF-8; `nil` where it is not set, or empty.
  static func bytes(_ name: String) -> [UInt8]? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return UnsafeBufferPointer(start: value, count: strlen(value)).map { UInt8(bitPattern: $0) }
  }
}
