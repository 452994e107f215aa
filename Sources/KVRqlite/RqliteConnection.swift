import CCurl
import KV
import Synchronization

/// What a node answered.
package struct HTTPReply: Sendable {
  package var status: Int
  var body: [UInt8] = []
  /// Where a redirection leads.
  var location: String?
}

/// Set by one thread, seen by another.
package final class Cancellation: Sendable {
  package init() {}

  private let flag = Atomic(false)

  var isSet: Bool { flag.load(ordering: .relaxed) }
  func set() { flag.store(true, ordering: .relaxed) }
}

/// Requests by libcurl, one after the other, over connections that it keeps open. Not `Sendable`: the actor that owns
/// it uses it on one thread at a time.
final class RqliteConnection {
  private let handle: UnsafeMutableRawPointer
  private let headers: UnsafeMutablePointer<curl_slist>?
  /// Where libcurl writes what went wrong.
  private let details = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))

  init(_ location: RqliteLocation) throws {
    if let reason = kv_curl_missing() {
      throw KVError(.unavailable, "rqlite needs libcurl: \(String(cString: reason))")
    }
    guard let handle = kv_curl_new() else { throw KVError(.failed, "out of memory") }
    self.handle = handle
    var headers: UnsafeMutablePointer<curl_slist>?
    // Without `Expect`, a large body would wait for leave to be sent.
    for header in ["Content-Type: application/json", "Expect:", "User-Agent: kv"] {
      headers = kv_curl_append(headers, header)
    }
    self.headers = headers
    set(CURLOPT_HTTPHEADER, headers)
    details.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    set(CURLOPT_ERRORBUFFER, details)
    set(CURLOPT_NOSIGNAL, 1)
    set(CURLOPT_TCP_NODELAY, 1)
    set(CURLOPT_PROTOCOLS_STR, "http,https")
    if let user = location.user {
      set(CURLOPT_USERNAME, user)
      set(CURLOPT_PASSWORD, location.password ?? "")
    }
    if let file = location.authorities { set(CURLOPT_CAINFO, file) }
    if let file = location.certificate { set(CURLOPT_SSLCERT, file) }
    if let file = location.certificateKey { set(CURLOPT_SSLKEY, file) }
    if location.trustsAnyCertificate {
      set(CURLOPT_SSL_VERIFYPEER, 0)
      set(CURLOPT_SSL_VERIFYHOST, 0)
    }
  }

  deinit {
    kv_curl_free(handle)
    kv_curl_free_list(headers)
    details.deallocate()
  }

  /// Sends a request and waits for the answer.
  /// - Parameters:
  ///   - body: of a POST; `nil` for a GET.
  ///   - cancellation: asked from time to time whether to give up.
  func send(
    to url: String, body: [UInt8]?, within time: Duration, unless cancellation: Cancellation
  ) throws -> HTTPReply {
    set(CURLOPT_URL, url)
    let milliseconds = max(Int(time / .milliseconds(1)), 1)
    set(CURLOPT_TIMEOUT_MS, milliseconds)
    set(CURLOPT_CONNECTTIMEOUT_MS, min(milliseconds, 5_000))
    var reply = HTTPReply(status: 0)
    var rest = (body ?? [])[...]
    let code = withUnsafeMutablePointer(to: &reply.body) { received in
      withUnsafeMutablePointer(to: &rest) { rest in
        if body != nil {
          kv_curl_set_body(handle, readBody, rest, Int64(rest.pointee.count))
        } else {
          set(CURLOPT_HTTPGET, 1)
        }
        kv_curl_set_receiver(handle, receive, received)
        kv_curl_set_observer(handle, observe, Unmanaged.passUnretained(cancellation).toOpaque())
        return kv_curl_perform(handle)
      }
    }
    if code == CURLE_ABORTED_BY_CALLBACK { throw CancellationError() }
    guard code == CURLE_OK else {
      let words = String(cString: details)
      throw RqliteFailure(
        code, description: words.isEmpty ? String(cString: kv_curl_describe(code)) : words,
        wasSent: kv_curl_sent(handle) > 0)
    }
    reply.status = kv_curl_status(handle)
    reply.location = kv_curl_redirection(handle).map { String(cString: $0) }
    return reply
  }

  private func set(_ option: CURLoption, _ value: Int) { kv_curl_set_number(handle, option, value) }

  /// libcurl copies the text.
  private func set(_ option: CURLoption, _ value: String) {
    value.withCString { _ = kv_curl_set_pointer(handle, option, $0) }
  }

  private func set(_ option: CURLoption, _ pointer: UnsafeMutableRawPointer?) {
    kv_curl_set_pointer(handle, option, pointer)
  }
}

private func readBody(
  _ buffer: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
  guard let buffer, let rest = context?.assumingMemoryBound(to: ArraySlice<UInt8>.self) else { return 0 }
  let part = rest.pointee.prefix(size * count)
  UnsafeMutableRawBufferPointer(start: buffer, count: part.count).copyBytes(from: part)
  rest.pointee = rest.pointee.dropFirst(part.count)
  return part.count
}

private func receive(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
  guard let bytes, let body = context?.assumingMemoryBound(to: [UInt8].self) else { return 0 }
  body.pointee.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: size * count))
  return size * count
}

private func observe(
  _ context: UnsafeMutableRawPointer?, _: curl_off_t, _: curl_off_t, _: curl_off_t, _: curl_off_t
) -> Int32 {
  guard let context else { return 0 }
  return Unmanaged<Cancellation>.fromOpaque(context).takeUnretainedValue().isSet ? 1 : 0
}
