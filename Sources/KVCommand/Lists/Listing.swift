import KV
import KVGraph

/// How things of one kind are printed, in each form.
struct Listing<Item>: Sendable {
  /// What the columns are called, for people.
  var header: [String]
  /// The same for programs.
  var names: [String]
  var json: @Sendable (Item) -> JSON
  /// A cell for each column.
  var row: @Sendable (Item) -> [Cell]
  /// A line for people.
  var text: @Sendable (Item) -> String

  /// - Parameter names: the header in small letters, where nothing is said.
  init(
    header: [String], names: [String]? = nil, json: @escaping @Sendable (Item) -> JSON,
    row: @escaping @Sendable (Item) -> [Cell], text: (@Sendable (Item) -> String)? = nil
  ) {
    (self.header, self.json, self.row) = (header, json, row)
    self.names = names ?? header.map { $0.lowercased().replacing(" ", with: "_") }
    self.text = text ?? { row($0).map(\.short).filter { !$0.isEmpty }.joined(separator: "  ") }
  }
}

/// A cell of a table.
enum Cell {
  case text(String)
  case number(Int)
  case time(Timestamp?)

  /// For people: times without fractions of a second.
  var short: String {
    switch self {
    case .text(let text): text
    case .number(let number): String(number)
    case .time(let time): time.map { "\($0)".prefix(19) + "Z" } ?? ""
    }
  }

  /// For programs.
  var exact: String {
    if case .time(let time) = self { time.map { "\($0)" } ?? "" } else { short }
  }
}

extension Listing<Record> {
  static let records = Listing(
    header: ["KEY", "VERSION", "TYPE", "VALUE"], json: { JSON($0) },
    row: { [.text($0.key), .number($0.version), .text($0.type), .text($0.value.text)] })
}

extension Listing<StreamEntry> {
  static let changes = Listing(
    header: ["SEQ", "ACTION", "KEY", "VERSION", "TYPE", "VALUE"], json: { JSON($0) },
    row: {
      [
        .number($0.sequence), .text($0.action.rawValue), .text($0.record.key), .number($0.record.version),
        .text($0.record.type), .text($0.record.value.text),
      ]
    })
}

extension Listing<ConsumerPosition> {
  static let positions = Listing(
    header: ["NAME", "TYPE", "NEXT", "UPDATED"], json: { JSON($0) },
    row: {
      [
        .text($0.name), .text($0.type ?? "all"), .number($0.sequence),
        Timestamp($0.lastUpdated).map { .time($0) } ?? .text($0.lastUpdated),
      ]
    })
}

extension Listing<Lease> {
  static let leases = Listing(
    header: ["NAME", "HOLDER", "ACQUIRED", "EXPIRES", "EXPIRED"], json: { JSON($0) },
    row: {
      [
        .text($0.name), .text($0.holder), .time($0.acquired), .time($0.expires),
        .text($0.isExpired ? "yes" : "no"),
      ]
    })
}

extension Listing<ScheduledTask> {
  static let tasks = Listing(
    header: ["ID", "NAME", "STATUS", "SCHEDULED FOR", "RETRIES", "LAST ERROR"], json: { JSON($0) },
    row: {
      [
        .text($0.id), .text($0.name), .text($0.status.rawValue), .time($0.scheduledFor),
        .text("\($0.retryCount)/\($0.maxRetries)"), .text($0.lastError),
      ]
    })
}

extension Listing<Node> {
  static let nodes = Listing(
    header: ["TYPE", "ID", "ATTRIBUTES"],
    json: {
      JSON(members: [
        ("attributes", $0.value ?? .null), ("id", JSON($0.reference.id)), ("type", JSON($0.reference.type)),
      ])
    }, row: { [.text($0.reference.type), .text($0.reference.id), .text($0.value?.text ?? "")] },
    text: { "\($0.reference)" + ($0.value.map { "  \($0.text)" } ?? "") })
}

extension Listing<NodeReference> {
  static let references = Listing(
    header: ["TYPE", "ID"], json: { JSON($0) }, row: { [.text($0.type), .text($0.id)] }, text: { "\($0)" })
}

extension Listing<Edge> {
  static let edges = Listing(
    header: ["FROM", "TYPE", "TO", "KEY", "DATA"], json: { $0.json },
    row: {
      [
        .text("\($0.from)"), .text($0.type), .text("\($0.to)"), .text($0.parallelKey ?? ""),
        .text($0.data?.text ?? ""),
      ]
    }, text: { "\($0)" })
}

extension Listing<Visit> {
  static let visits = Listing(
    header: ["DEPTH", "NODE", "PARENT"], json: { JSON($0) },
    row: { [.number($0.depth), .text("\($0.node)"), .text($0.parent.map { "\($0)" } ?? "")] },
    text: { "\($0.depth)  \($0.node)" })
}

extension Listing<[NodeReference]> {
  static let components = Listing(
    header: ["SIZE", "NODES"], json: { JSON(elements: $0.map { JSON($0) }) },
    row: { [.number($0.count), .text($0.map(\.description).joined(separator: " "))] })
}

extension Listing<Path> {
  static let paths = Listing(
    header: ["DEPTH", "WEIGHT", "PATH"], json: { JSON($0) },
    row: { [.number($0.depth), .text($0.weight.map { "\(JSON($0))" } ?? ""), .text("\($0)")] },
    text: { "\($0.measure): \($0)" })
}

extension Path {
  /// `depth 2, weight 7`.
  var measure: String { "depth \(depth)" + (weight.map { ", weight \(JSON($0))" } ?? "") }
}
