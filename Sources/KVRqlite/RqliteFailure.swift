import CCurl
import KV
import KVSQL

/// Why a request was not answered as it should be.
struct RqliteFailure: Error {
  enum Remedy {
    case none
    /// This node is not there; another may be.
    case anotherNode
    /// The cluster is between two leaders, or too busy.
    case patience
  }

  var message: String
  var remedy: Remedy
  /// Whether what was to be written may have been, for all that is known.
  var mayHaveRun: Bool
  /// Whether no answer came in time.
  var isTimeout = false

  init(_ message: String, remedy: Remedy = .none, mayHaveRun: Bool = false) {
    // A server's words may come in lines, or as a page.
    let words = message.split(whereSeparator: { $0.isNewline || $0 == "\t" }).joined(separator: " ")
    self.message = words.count > 300 ? words.prefix(300) + "…" : words
    self.remedy = remedy
    self.mayHaveRun = mayHaveRun
  }

  /// From a request that libcurl could not bring to an end.
  init(_ code: CURLcode, description: String, wasSent: Bool) {
    switch code {
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT, CURLE_COULDNT_RESOLVE_PROXY:
      self.init(description, remedy: .anotherNode)
    case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM,
      CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CIPHER, CURLE_USE_SSL_FAILED:
      self.init("no secure connection: \(description)", remedy: .anotherNode)
    default:
      self.init(description, remedy: .anotherNode, mayHaveRun: wasSent)
      isTimeout = code == CURLE_OPERATION_TIMEDOUT
    }
  }

  /// From what a node wrote in the place of results: it could not do its work alone.
  init(node text: String) {
    // Whatever failed before the request reached a leader. "leadership lost while committing" is not among them.
    let before = [
      "leader not found", "no leader", "not leader", "connection refused", "pool get", "no such host",
      "store not ready", "store not open",
    ]
    let wasBefore = before.contains { text.lowercased().contains($0) }
    self.init("the cluster cannot do it: \(text)", remedy: .patience, mayHaveRun: !wasBefore)
  }

  /// From a status other than success.
  init(status: Int, body: String) {
    switch status {
    case 401, 403:
      self.init("it refused the user name or the password, or this user may not do that")
    case 400: self.init("it refused the request: \(body)")
    case 404: self.init("it is no rqlite server: it does not know the address")
    case 500, 503: self.init(node: body.isEmpty ? "HTTP status \(status)" : body)
    case 502, 504: self.init("it answered with HTTP status \(status)", remedy: .patience, mayHaveRun: true)
    default: self.init("it answered with HTTP status \(status)", mayHaveRun: true)
    }
    if status == 503 { mayHaveRun = false }
  }

  /// The error as callers of a store know it.
  func error(at node: String) -> KVError { KVError(.unavailable, "rqlite at \(node): \(message)") }
}
