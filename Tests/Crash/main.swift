// Ends writers at random moments, by SIGKILL, SIGHUP, SIGTERM twice, or stopped in between, and then checks that nothing
// acknowledged is missing, nothing is half there, and nothing is left running: `CrashTest SECONDS KV`. See Tests/crash.sh.
import Foundation
import KV
import TestSupport

let arguments = CommandLine.arguments
switch arguments.dropFirst().first {
case "mutate": try await Writers.mutate(arguments[2], prefix: arguments[3])
case "tasks": try await Writers.runTasks(arguments[2])
case let seconds?:
  guard arguments.count == 3, let seconds = Int(seconds) else { fallthrough }
  let folder = FileManager.default.temporaryDirectory
    .appending(path: "kv-crash-\(UInt64.random(in: .min ... .max))").path
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  let campaign = Campaign(folder: folder, kv: arguments[2], own: arguments[0], seconds: seconds)
  try await campaign.run()
  var problems = try await Verdict(of: campaign).problems
  let integrity = try sqliteQuery(campaign.database, "pragma integrity_check")
  if integrity != ["ok"] { problems.append("integrity_check: \(integrity.joined(separator: "; "))") }
  let left = try await campaign.leftRunning()
  if left > 0 { problems.append("\(left) processes of commands are left running") }
  let record = campaign.record
  print(
    "crash test: \(record.kills) processes killed or ended in \(seconds) s: \(record.puts.count) puts, "
      + "\(record.mutations.values.reduce(0, +)) mutations, \(record.imports.values.filter { $0 }.count) imports "
      + "acknowledged; \(record.consumed.joined().count) changes consumed, \(record.tasks.count) tasks")
  for problem in problems.prefix(20) { print("  " + problem) }
  if problems.isEmpty {
    try FileManager.default.removeItem(atPath: folder)
    print("crash test: nothing lost, nothing half there, nothing left running")
  } else {
    print("crash test: \(problems.count) problems; the database is \(campaign.database)")
    exit(1)
  }
default:
  print("usage: CrashTest SECONDS KV")
  exit(64)
}
