import ArgumentParser
import Dispatch
import KV
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Runs a shell command and sees to it that whatever the command has started ends with it, with its time, and with the runner:
/// the child process in which `task run --exec` has commands run. A process that leaves the command's process group, as daemons
/// do, is let go.
struct Supervisor: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "__supervise", shouldDisplay: false)

  @Argument var parent: Int32
  @Argument var command: Text

  /// How long what is told to end by SIGTERM may take.
  private static let patience = Duration.seconds(2)

  func run() throws {
    // Made before a handler could.
    isTold.store(false, ordering: .relaxed)
    for number in [SIGTERM, SIGINT, SIGHUP] { signal(number) { _ in isTold.store(true, ordering: .relaxed) } }
    let group = try start()
    ParentWatch.begin(parent) { Self.end(group) }
    DispatchQueue(label: "kv.told").async {
      while !isTold.load(ordering: .relaxed) { usleep(20_000) }
      Self.end(group)
    }
    let status = Self.wait(for: group)
    Self.end(group)
    Self.finish(as: status)
  }

  /// Starts the command in a process group of its own, whose number is that of its first process.
  private func start() throws -> pid_t {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var defaults = sigset_t()
    sigemptyset(&defaults)
    for number in [SIGTERM, SIGINT, SIGHUP, SIGPIPE] { sigaddset(&defaults, number) }
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF))
    let words: [String] = ["sh", "-c", command.value]
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var child: pid_t = 0
    let status = posix_spawn(&child, "/bin/sh", nil, &attributes, &arguments, environ)
    guard status == 0 else {
      throw KVError(.failed, "cannot start /bin/sh: \(String(cString: strerror(status)))")
    }
    return child
  }

  private static func wait(for child: pid_t) -> Int32 {
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
    return status
  }

  /// Ends what is left of the group: by SIGTERM, and by SIGKILL what is there two seconds later.
  private static func end(_ group: pid_t) {
    let deadline = ContinuousClock.now + patience
    kill(-group, SIGTERM)
    // Whoever was stopped hears it now.
    kill(-group, SIGCONT)
    while kill(-group, 0) == 0 {
      if ContinuousClock.now >= deadline {
        kill(-group, SIGKILL)
        return
      }
      usleep(10_000)
    }
  }

  /// Ends as the command has: by its status or by its signal.
  private static func finish(as status: Int32) -> Never {
    let number = status & 0x7F
    if number == 0 { _exit(status >> 8 & 0xFF) }
    var limit = rlimit(rlim_cur: 0, rlim_max: 0)
    setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
    signal(number, SIG_DFL)
    raise(number)
    _exit(128 + number)
  }
}

private let isTold = Atomic(false)
