#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Files that can be made again.
enum Cache {
  /// Why there may be no folder.
  static let absence = "neither XDG_CACHE_HOME nor HOME names a folder that can be written"

  /// The user's folder for them, made where it is not there: `$XDG_CACHE_HOME/kv`, or `~/.cache/kv`. `nil` where it cannot be made.
  static func folder() -> [UInt8]? {
    var path: [UInt8]
    if let folder = Environment.bytes("XDG_CACHE_HOME"), folder.first == UInt8(ascii: "/") {
      path = folder
    } else if let home = Environment.bytes("HOME"), home.first == UInt8(ascii: "/") {
      path = home + Array("/.cache".utf8)
    } else {
      return nil
    }
    for part in ["", "/kv"] {
      path += Array(part.utf8)
      let isThere = FileArgument(bytes: path).withCString { mkdir($0, 0o700) == 0 || errno == EEXIST }
      if !isThere { return nil }
    }
    return path
  }
}
