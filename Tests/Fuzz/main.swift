// Runs kv with inputs that nobody means, and checks that it ends, in one line, with a known status, and shows neither a secret nor
// a raw control character: `Fuzz SECONDS KV [SEED]`. A seed that found something goes into Tests/Fuzz/seeds.txt, whose seeds are
// run first.
import Foundation
import TestSupport

let arguments = CommandLine.arguments
guard arguments.count >= 3, let seconds = Double(arguments[1]) else {
  print("usage: Fuzz SECONDS KV [SEED]")
  exit(64)
}
let program = URL(fileURLWithPath: arguments[2]).path
let deadline = Date(timeIntervalSinceNow: seconds)
let kept = try String(contentsOfFile: #filePath.replacing("main.swift", with: "seeds.txt"), encoding: .utf8)
  .split(separator: "\n").compactMap { UInt64($0) }
var seeds = arguments.count > 3 ? [UInt64(arguments[3]) ?? 0] : kept
var rounds = 0
var problems = 0
while rounds < seeds.count || Date() < deadline && arguments.count == 3 {
  let seed = rounds < seeds.count ? seeds[rounds] : UInt64.random(in: 0 ..< .max)
  let attack = Attack(seed: seed)
  if let problem = try await attack.run(program) {
    problems += 1
    print("fuzz: seed \(seed): \(problem)\n  \(attack.description)")
  }
  rounds += 1
}
print("fuzz: \(rounds) commands, \(problems) problems")
exit(problems == 0 ? 0 : 1)
