import Foundation
import KV
import Synchronization

/// A node that speaks rqlite's HTTP over real SQLite, and fails when told to.
public final class RqliteStandIn: Sendable {
  /// What can go wrong with a request.
  public enum Fault: Sendable {
    case unavailable
    /// By a redirection, to the same path of another origin.
    case redirect(to: String)
    case closeBefore, closeAfter
    /// Carried out, and the reply cut off in the middle.
    case cut
    case slow(Duration)
    /// Before it got to the leader.
    case noLeader
    /// While it was carried out, which it was; or which it was not.
    case leaderLost(wasCarriedOut: Bool)
    case page
    case status(Int, body: String)
  }

  private struct State {
    var faults: [(path: String, fault: Fault)] = []
    var counts: [String: Int] = [:]
    var nodes: [String] = []
    var credentials: String?
  }

  private let database: RqliteStandInDatabase
  private let state = Mutex(State())
  private let server = Mutex<HTTPServer?>(nil)
  public let origin: String

  /// - Parameters:
  ///   - sharing: a node of the same cluster.
  ///   - credentials: `user:password` where they are asked for.
  public init(sharing other: RqliteStandIn? = nil, credentials: String? = nil) throws {
    database = other?.database ?? RqliteStandInDatabase()
    let answer = Mutex<(@Sendable (HTTPRequest) -> HTTPAnswer)?>(nil)
    let started = try HTTPServer { request in answer.withLock { $0 }?(request) ?? .close }
    origin = "http://127.0.0.1:\(started.port)"
    state.withLock {
      $0.nodes = [origin]
      $0.credentials = credentials
    }
    server.withLock { $0 = started }
    answer.withLock { $0 = { [weak self] in self?.answer($0) ?? .close } }
  }

  deinit { stop() }

  /// Goes away, as a node that has crashed.
  public func stop() {
    server.withLock { server in
      server?.stop()
      server = nil
    }
  }

  /// Which nodes `/nodes` tells of.
  public func tell(of nodes: [RqliteStandIn]) { state.withLock { $0.nodes = nodes.map(\.origin) } }

  /// The next requests under the path fail like this, one each.
  public func fail(_ path: String = "/db/", _ faults: Fault...) {
    state.withLock { state in state.faults += faults.map { (path, $0) } }
  }

  /// How often a path has been asked for.
  public func count(_ path: String) -> Int { state.withLock { $0.counts[path] ?? 0 } }

  /// Sets the clock of the leader.
  public func setClock(ahead offset: Duration) {
    database.clockOffset.store(Int(offset.components.seconds), ordering: .relaxed)
  }

  /// Runs SQL behind everybody's back, and gives the first column as text.
  public func query(_ sql: String) throws -> [String] {
    let results = try database.run([JSON(sql)], .request, inTransaction: false)
    let result = try JSON(parsing: results).elements?.first
    if let error = result?["error"] { throw KVError(.failed, "\(sql): \(error)") }
    return (result?["values"]?.elements ?? []).map { row in
      let value = row.elements?.first ?? .null
      return value.string ?? (value == .null ? "" : value.text)
    }
  }

  private func answer(_ request: HTTPRequest) -> HTTPAnswer {
    let (fault, credentials) = state.withLock { state in
      state.counts[request.path, default: 0] += 1
      let index = state.faults.firstIndex { request.path.hasPrefix($0.path) }
      return (index.map { state.faults.remove(at: $0).fault }, state.credentials)
    }
    if let credentials {
      let wanted = "Basic " + Data(credentials.utf8).base64EncodedString()
      guard request.headers["authorization"] == wanted else { return reply(401, "") }
    }
    switch fault {
    case nil: return carryOut(request)
    case .unavailable: return reply(503, "no time for this\n")
    case .redirect(let origin):
      let query = request.query.map { $0.value.isEmpty ? $0.key : "\($0.key)=\($0.value)" }.joined(
        separator: "&")
      return .reply(status: 301, headers: ["Location": "\(origin)\(request.path)?\(query)"], body: "")
    case .closeBefore: return .close
    case .closeAfter:
      _ = carryOut(request)
      return .close
    case .cut:
      guard case .reply(_, _, let body) = carryOut(request) else { return .close }
      return .cut(body: body)
    case .slow(let time):
      let answer = carryOut(request)
      Thread.sleep(forTimeInterval: time / .seconds(1))
      return answer
    case .noLeader:
      return reply(
        200, #"{"results":[],"error":"node failed to process Execute on remote node: leader not found"}"#)
    case .leaderLost(let wasCarriedOut):
      if wasCarriedOut { _ = carryOut(request) }
      return reply(200, #"{"results":[],"error":"leadership lost while committing log"}"#)
    case .page:
      return .reply(status: 200, headers: ["Content-Type": "text/html"], body: "<html><p>Welcome</p></html>")
    case .status(let status, let body): return reply(status, body)
    }
  }

  private func reply(_ status: Int, _ body: String) -> HTTPAnswer {
    .reply(
      status: status,
      headers: ["Content-Type": "application/json; charset=utf-8", "X-Rqlite-Version": "v9.3.6"], body: body)
  }

  private func carryOut(_ request: HTTPRequest) -> HTTPAnswer {
    if let timeout = request.query["timeout"], timeout.wholeMatch(of: /([0-9.]+(ns|us|ms|s|m|h))+/) == nil {
      return reply(400, "timeout is not a valid duration\n")
    }
    switch request.path {
    case "/db/execute": return run(request, .execute)
    case "/db/query": return run(request, .query)
    case "/db/request": return run(request, .request)
    case "/readyz": return reply(200, "[+]node ok\n[+]leader ok\n[+]store ok")
    case "/nodes":
      let nodes = state.withLock(\.nodes).enumerated().map { index, origin in
        let port = origin.split(separator: ":").last ?? ""
        return #"""
          "n\#(index + 1)":{"id":"n\#(index + 1)","api_addr":"\#(origin)","addr":"127.0.0.1:\#(port)1","version":"v9.3.6","voter":true,"reachable":true,"leader":\#(index == 0),"time":1.11e-7,"time_s":"171ns"}
          """#
      }
      return reply(200, "{" + nodes.joined(separator: ",") + "}")
    default: return reply(404, "")
    }
  }

  private func run(_ request: HTTPRequest, _ kind: RqliteStandInDatabase.Kind) -> HTTPAnswer {
    var statements: [JSON]
    if request.method == "GET" {
      statements = [JSON(request.query["q"] ?? "")]
    } else {
      guard let body = try? JSON(parsing: request.body) else { return reply(400, "invalid JSON body\n") }
      guard let elements = body.elements else { return reply(400, "invalid request\n") }
      if elements.isEmpty { return reply(400, "no statements\n") }
      statements = elements
    }
    // Each node would come to another result by itself; see RqliteClock.
    let isTimed = statements.contains { ($0.elements?.first?.string ?? "").contains("'now'") }
    let isDefinition = statements.contains { ($0.elements?.first?.string ?? "").contains("create table") }
    if kind != .query, isTimed, !isDefinition, request.query["norwtime"] != nil {
      return reply(200, #"{"results":[{"error":"stand-in: the effect differs from node to node"}]}"#)
    }
    do {
      let results = try database.run(statements, kind, inTransaction: request.query["transaction"] != nil)
      return reply(200, #"{"results":\#(results)}"#)
    } catch {
      let reason = "json: error calling MarshalJSON for type *http.DBResults: json: unsupported value: +Inf\n"
      return reply(500, reason)
    }
  }
}
