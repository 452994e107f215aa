import Foundation
import KV
import Subprocess
import SystemPackage
import Testing

/// The stream, consumers, locks and tasks on the command line.
extension CommandTests {
  @Test func theStreamIsTrimmed() async throws {
    for number in 1...3 { try await kv("put", "k", input: "\(number)") }
    #expect(try await kv("stream", "trim", "0").output == "Trimmed 0\n")
    #expect(try await kv("stream", "trim", "2").output == "Trimmed 2\n")
    #expect(try await kv("stream", "trim", "-1").output == "Trimmed 1\n")
    #expect(try await kv("stream", "get").output == "[]\n")
    #expect(try await kv("stream", "seq").output == "3\n")
    #expect(try await kv("stream", "trim", "-2").status == 64)
    #expect(try await kv("stream", "trim").status == 64)
  }

  @Test(
    "a consumer prints until it is interrupted, and goes on where it has committed",
    arguments: [
      Signal.interrupt, .terminate,
    ])
  func aConsumerStreams(_ signal: Signal) async throws {
    for number in 1...5 { try await kv("put", "k\(number)", "--of-type", "T", input: "\(number)") }
    let sequences = try await stream(until: 5, signal, "--output", "jsonl", "--limit", "2")
    #expect(sequences == [1, 2, 3, 4, 5])
    try await kv("put", "k6", input: "6")
    #expect(try await stream(until: 1, signal, "--output", "jsonl", "--commit-mode", "none") == [6])
    #expect(try await stream(until: 1, signal, "--output", "jsonl", "--commit-mode", "record") == [6])
    let status = try await kv("consumer", "status", "s")
    #expect(status.output.contains(#""seq": 7"#) && status.output.contains(#""ofType": "all""#))
    #expect(try await kv("lock", "status", "github.com/a-h/kv/stream/s").status == 3)
    #expect(try await kv("consumer", "commit", "s", "2").output == "Committed 2\n")
    let next = try await kv("consumer", "get", "s", "--limit", "2")
    #expect(next.output.ranges(of: "\"seq\": ").count == 2 && next.output.contains(#""seq": 3"#))
    #expect(next.error == "done with them: kv consumer commit s 4\n")
    #expect(try await kv("consumer", "get", "s", "--of-type", "json").output.contains(#""seq": 6"#))
    #expect(try await kv("consumer", "delete", "s").output == "Deleted 1\n")
    for command in [["status", "s"], ["delete", "s"], ["get", "s"], ["commit", "s", "1"]] {
      #expect(try await kv(arguments: ["consumer"] + command).status == 3, "\(command)")
    }
    #expect(try await kv("consumer", "commit", "s", "-1").status == 64)
    #expect(try await kv("consumer", "get", "s", "--limit", "0").status == 64)
    #expect(try await kv("consumer", "stream", "s", "c", "--commit-mode", "some").status == 64)
  }

  /// Runs the consumer until so many changes are printed, and gives their numbers.
  private func stream(until count: Int, _ signal: Signal, _ options: String...) async throws -> [Int] {
    let result = try await run(
      .path(FilePath(Self.program)), arguments: Arguments(["consumer", "stream", "s", "c"] + options),
      workingDirectory: FilePath(folder), input: .none, output: .sequence, error: .discarded
    ) { execution in
      var sequences: [Int] = []
      for try await line in execution.standardOutput.strings() {
        guard let number = line.split(separator: "\"seq\":").last?.prefix(while: \.isNumber) else { continue }
        sequences.append(Int(number) ?? -1)
        if sequences.count == count { try execution.send(signal: signal) }
      }
      return sequences
    }
    #expect(result.terminationStatus == .exited(0))
    return result.closureResult
  }

  @Test func locks() async throws {
    #expect(try await kv("lock", "status", "l").status == 5)
    let acquired = try await kv("lock", "acquire", "l", "a", "--duration", "1h30m")
    #expect(acquired.status == 0 && acquired.output.hasPrefix("Acquired l until 2"))
    let status = try await kv("lock", "status", "l").output
    #expect(status.contains(#""lockedBy": "a""#) && status.contains(#""expired": false"#))
    let held = try await kv("lock", "acquire", "l", "b")
    #expect(held.status == 4 && held.error.hasPrefix(#"kv: the lock "l" is not free: held by "a" until 2"#))
    #expect(try await kv("lock", "acquire", "l", "a", "--duration", "3000000ms").status == 0)
    #expect(try await kv("lock", "acquire", "l", "a", "--duration", "90").status == 0)
    let list = try await kv("lock", "list", "--output", "jsonl").output
    #expect(
      list.hasPrefix(#"{"expired":false,"expiresAt":"2"#) && list.contains(#""lockedBy":"a","name":"l"}"#))
    #expect(try await kv("lock", "release", "l", "b").status == 4)
    #expect(try await kv("lock", "release", "l", "a").output == "Released l\n")
    #expect(try await kv("lock", "release", "l", "a").status == 3)
    #expect(try await kv("lock", "status", "l").status == 3)
    for duration in ["", "0s", "1h5", "x", "-1m", "1d", "1e400s"] {
      #expect(try await kv("lock", "acquire", "l", "a", "--duration", duration).status == 64, "\(duration)")
    }
    #expect(try await kv("lock", "acquire", "", "a").status == 64)
  }

  @Test func tasks() async throws {
    func new(_ arguments: String..., input: String = "") async throws -> String {
      let outcome = try await kv(arguments: ["task", "new"] + arguments, input: input)
      #expect(outcome.status == 0, "\(outcome.error)")
      return String(outcome.output.dropLast())
    }
    let echo = try await new("echo", input: "{\"m\": 1}\n")
    let fails = try await new("break", "--max-retries", "0", input: "why")
    let works = try await new("work", "--timeout-seconds", "60", input: "secret")
    let later = try await new("echo", "--scheduled-for", "2999-01-01T00:00:00+02:00")
    #expect(
      try await kv("task", "get", later).output.contains(#""scheduledFor": "2998-12-31T22:00:00.000000000Z""#)
    )
    #expect(try await kv("task", "get", echo).output.contains("\"m\": 1"))
    let run = try await kv(
      "task", "run", "--once", "--exec", "break=cat >&2; exit 3", "--exec",
      #"work=cat > "$KV_TASK_NAME.$KV_TASK_ID""#)
    // One failed for good.
    #expect(run.status == 1 && run.output == "{\"m\": 1}\n")
    #expect(run.error.contains("(break) failed, with no retry left: why\n"))
    let file = try FileDescriptor.open(FilePath(folder + "/work.\(works)"), .readOnly)
    var bytes = [UInt8](repeating: 0, count: 100)
    let count = try file.closeAfter { try bytes.withUnsafeMutableBytes { try file.read(into: $0) } }
    #expect(String(decoding: bytes[..<count], as: UTF8.self) == "secret")
    #expect(try await kv("task", "get", fails).output.contains(#""lastError": "why""#))
    let table = try await kv("task", "list", "--output", "table", "--status", "completed").output
    #expect(table.contains(echo) && table.contains(works) && !table.contains(later))
    #expect(try await kv("task", "cancel", later).output == "Cancelled \(later)\n")
    #expect(try await kv("task", "cancel", echo).status == 4)
    #expect(try await kv("task", "cancel", "none").status == 3)
    #expect(try await kv("task", "get", "none").status == 3)
    #expect(try await kv("task", "list", "--name", "none").output == "[]\n")
    let wrong: [[String]] = [
      ["new", ""], ["new", "x", "--max-retries", "-1"], ["new", "x", "--timeout-seconds", "0"],
      ["new", "x", "--scheduled-for", "tomorrow"], ["new", "x", "--scheduled-for", "2999-02-30T00:00:00Z"],
      ["new", "x", "--scheduled-for", "2999-01-01 00:00:00"], ["list", "--status", "lost"],
      ["list", "--limit", "-2"], ["run", "--once", "--task-types", "none"], ["run", "--exec", "nocommand"],
      ["run", "--concurrency", "0"], ["run", "--poll-interval", "1x"],
    ]
    for arguments in wrong {
      let outcome = try await kv(arguments: ["task"] + arguments)
      #expect(
        outcome.status == 64 && outcome.error.hasPrefix("kv: ") && outcome.output.isEmpty, "\(arguments)")
    }
  }

  @Test("an interrupted runner finishes the task in hand")
  func anInterruptedRunnerFinishes() async throws {
    for _ in 0..<2 { try await kv("task", "new", "work") }
    let result = try await run(
      .path(FilePath(Self.program)),
      arguments: [
        "task", "run", "--exec", "work=echo begun; while [ ! -e go ]; do sleep 0.01; done; echo ended",
      ],
      workingDirectory: FilePath(folder), input: .none, output: .sequence, error: .discarded
    ) { execution in
      var lines: [String] = []
      for try await line in execution.standardOutput.strings() {
        lines.append(line.filter { !$0.isNewline })
        guard lines.count == 1 else { continue }
        try execution.send(signal: .interrupt)
        try FileDescriptor.open(
          FilePath(folder + "/go"), .writeOnly, options: .create, permissions: .ownerReadWrite
        ).close()
      }
      return lines
    }
    #expect(result.terminationStatus == .exited(0) && result.closureResult == ["begun", "ended"])
    #expect(
      try await kv("task", "list", "--status", "completed", "--output", "jsonl").output.contains("work"))
    #expect(try await kv("task", "list", "--status", "pending", "--output", "jsonl").output.contains("work"))
  }

  @Test(arguments: [
    ["get", "10", "100", "4"], ["put", "50", "4"], ["patch", "10", "3"], ["mixed", "20", "3"],
  ])
  func benchmarks(_ arguments: [String]) async throws {
    let outcome = try await kv(arguments: ["benchmark"] + arguments)
    #expect(outcome.status == 0 && outcome.output.contains("operations/s; p50 "), "\(outcome.error)")
    #expect(try await kv("count", "all").status == 5, "the user's own database was made")
    #expect(try await kv(arguments: ["benchmark"] + arguments + ["--connection", "own.db"]).status == 0)
    #expect(try await kv("count", "all", "--connection", "own.db").output == "0\n")
    #expect(try await kv("benchmark", arguments[0], "0").status == 64)
  }

  @Test("a task comes due so long from now, and consumers are listed")
  func delaysAndConsumers() async throws {
    let id = try await kv("task", "new", "mail", "--in", "1h").output.split(separator: "\n")[0]
    let task = try JSON(parsing: try await kv("task", "get", String(id)).output)
    let due = try #require(Timestamp(task["scheduledFor"]?.string ?? ""))
    let created = try #require(Timestamp(task["created"]?.string ?? ""))
    #expect((3590...3610).contains(due.seconds - created.seconds))
    #expect(
      try await kv("task", "new", "m", "--in", "5m", "--scheduled-for", "2030-01-01T00:00:00Z").status == 64)
    try await kv("put", "a", "1")
    for name in ["b", "a"] {
      let position = #"{"name":"\#(name)","ofType":"all","seq":7,"lastUpdated":"2026-01-02T03:04:05Z"}"#
      try await kv("put", "github.com/a-h/kv/stream/\(name)", position)
    }
    #expect(
      try await kv("consumer", "list", "--output", "table").output == """
        NAME  TYPE  NEXT  UPDATED
        a     all   7     2026-01-02T03:04:05Z
        b     all   7     2026-01-02T03:04:05Z

        """)
  }

  @Test("eight processes write one file at once: nothing is locked, nothing lost")
  func processesAtOnce() async throws {
    try await kv("init")
    try await withThrowingTaskGroup(of: Void.self) { group in
      for process in 0..<8 {
        group.addTask {
          for number in 1...6 {
            let outcome = try await kv("patch", "counters", input: #"{"p\#(process)":\#(number)}"#)
            #expect(outcome.status == 0, "\(outcome.error)")
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(try await kv("get", "key", "counters", "--print-version").output == "48\n")
    let value = try await kv("get", "key", "counters", "--raw").output
    for process in 0..<8 { #expect(value.contains("\"p\(process)\":6")) }
  }

  @Test func tasksAreRetriedDeletedAndPurged() async throws {
    let id = try await kv("task", "new", "boom", "--max-retries", "0").output.filter { $0 != "\n" }
    let unknown = try await kv("task", "run", "--once")
    #expect(
      unknown.error
        == "kv: 1 task named \"boom\" is due, and no runner takes it; kv task run --exec boom=COMMAND\n")
    let failed = try await kv("task", "run", "--once", "--exec", "boom=echo no >&2; exit 3")
    #expect(failed.status == 1 && failed.error.contains("1 task failed for good"))
    #expect(try await kv("task", "get", String(id.prefix(8))).output.contains("\"lastError\": \"no\""))
    #expect(try await kv("task", "get", "zzz").status == 3)
    #expect(try await kv("task", "retry", String(id.prefix(8))).output == "Pending again: \(id)\n")
    #expect(try await kv("task", "run", "--once", "--exec", "boom=true").status == 0)
    #expect(try await kv("task", "retry", id).status == 4)
    #expect(try await kv("task", "purge", "--older-than", "1h").output == "Deleted 0\n")
    #expect(try await kv("task", "purge", "--status", "failed").output == "Deleted 0\n")
    #expect(try await kv("task", "purge").output == "Deleted 1\n")
    #expect(try await kv("task", "purge", "--status", "pending").status == 64)
    let other = try await kv("task", "new", "t", "--in", "1h").output.filter { $0 != "\n" }
    let third = try await kv("task", "new", "t", "--in", "1h").output.filter { $0 != "\n" }
    #expect(try await kv("task", "delete", "").status == 64)
    #expect(try await kv("task", "delete", other).output == "Deleted \(other)\n")
    #expect(try await kv("task", "list", "--format", "csv").output.contains(third))
    #expect(try await kv("task", "delete", other).status == 3)
  }

  @Test func aCommandIsRunForEachChangeAndCommittedAfterSuccess() async throws {
    for key in ["a", "b", "c"] { try await kv("put", key, "1") }
    let command = "read line; echo $KV_CHANGE_SEQ $KV_CHANGE_KEY $KV_CHANGE_ACTION; test $KV_CHANGE_KEY != c"
    let run = try await kv("consumer", "stream", "s", "me", "--exec", command)
    #expect(run.output == "1 a create\n2 b create\n3 c create\n")
    #expect(
      run.status == 1 && run.error.contains("change 3: the command ended with status 1; it was not committed")
    )
    #expect(try await kv("consumer", "status", "s").output.contains("\"seq\": 3"))
    #expect(
      try await kv("consumer", "get", "new", "--from", "2", "--format", "jsonl").output.contains("\"seq\":2"))
    #expect(
      try await kv("consumer", "get", "new", "--from", "0", "--prefix", "c", "--format", "csv").output
        .contains("3,create,c,"))
    #expect(try await kv("consumer", "get", "new", "--from", "soon").status == 64)
    let trimmed = try await kv("stream", "trim", "-1")
    #expect(trimmed.error == "kv: the consumer \"s\" had not read the changes from 3 to 3\n")
  }
}
