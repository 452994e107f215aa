import KV

/// Tells a terminal how far a long command is, a few times a second.
struct Progress: Sendable {
  private let what: String
  /// How many there will be; `nil` where that is not known.
  private let total: Int?
  private let begin = ContinuousClock.now
  private var told = ContinuousClock.now
  private(set) var done = 0

  /// - Parameter what: what is counted, such as `records`.
  init(_ what: String, of total: Int? = nil) { (self.what, self.total) = (what, total) }

  mutating func advance(by count: Int) { advance(to: done + count) }

  mutating func advance(to count: Int) {
    done = count
    guard .now - told >= .milliseconds(200) else { return }
    told = .now
    let seconds = max((told - begin) / .seconds(1), 0.001)
    let rate = Double(done) / seconds
    var text = "\(done) \(what), \(Int(rate))/s"
    if let total, total > 0 {
      let left = Int(Double(max(total - done, 0)) / max(rate, 1))
      text += ", \(min(done * 100 / total, 100)) %, \(left) s left"
    }
    Output.progress(text)
  }

  /// Takes the line away.
  func end() { Output.progress("") }

  /// How long it took, and how many a second that were.
  var summary: String {
    let time = ContinuousClock.now - begin
    return "\(time.seconds(digits: 2)) s, \(Int(Double(done) / max(time / .seconds(1), 0.000_001)))/s"
  }
}

extension ArchiveCounts {
  /// For people.
  var line: String {
    func text(_ count: Int, _ one: String, _ many: String) -> String { "\(count) \(count == 1 ? one : many)" }
    return [
      text(records, "record", "records"), text(changes, "change", "changes"), text(tasks, "task", "tasks"),
      text(leases, "lock", "locks"),
    ].joined(separator: ", ")
  }
}
