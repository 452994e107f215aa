import KV

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What a child process takes of this one: file descriptors for pipes, its input and whatever watches it, and room for the
/// stacks of threads. With too little of them it would not fail but hang, so they are looked for before.
enum ChildResources {
  private static let descriptors = 24
  private static let addressBytes = 80 << 20

  static func check() throws {
    raiseDescriptorLimit()
    var taken: [Int32] = []
    defer { for descriptor in taken { close(descriptor) } }
    for _ in 0..<descriptors {
      let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else {
        throw KVError(
          .failed,
          "too few files may be open (ulimit -n): \(descriptors) more are needed to start a child process")
      }
      taken.append(descriptor)
    }
    let room = mmap(nil, addressBytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    guard let room, room != MAP_FAILED else {
      throw KVError(
        .failed,
        "too little memory may be addressed (ulimit -v): \(addressBytes >> 20) MiB more are needed to start a child process"
      )
    }
    munmap(room, addressBytes)
  }

  /// As far as this user may.
  private static func raiseDescriptorLimit() {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0, limit.rlim_cur < limit.rlim_max
    else { return }
    limit.rlim_cur = min(limit.rlim_max, 4096)
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }
}
