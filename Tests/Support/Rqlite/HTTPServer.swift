import Foundation
import Synchronization

/// A request as a server reads it.
struct HTTPRequest {
  var method: String
  var path: String
  /// As written; a parameter without a value has an empty one.
  var query: [String: String]
  var headers: [String: String]
  var body: [UInt8]
}

/// What a server does with a request.
enum HTTPAnswer {
  case reply(status: Int, headers: [String: String] = [:], body: String)
  /// The head announces the whole body, and the connection ends in the middle of it.
  case cut(body: String)
  case close
}

/// HTTP/1.1 on a port of the loopback interface, with a thread for each connection: what a test needs in order to
/// misbehave at any point of an exchange.
final class HTTPServer: Sendable {
  let port: UInt16
  private let listener: Int32
  private let handle: @Sendable (HTTPRequest) -> HTTPAnswer
  private let connections = Mutex<Set<Int32>?>([])

  init(handle: @escaping @Sendable (HTTPRequest) -> HTTPAnswer) throws {
    self.handle = handle
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = listener
    let status = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(descriptor, address, length) | listen(descriptor, 128)
          | getsockname(descriptor, address, &length)
      }
    }
    guard status == 0 else { throw POSIXError(.EADDRNOTAVAIL) }
    port = UInt16(bigEndian: address.sin_port)
    Thread.detachNewThread { self.accept() }
  }

  /// Ends all connections and takes no more.
  func stop() {
    let open = connections.withLock { connections in
      defer { connections = nil }
      return connections ?? []
    }
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
    for connection in open { shutdown(connection, Int32(SHUT_RDWR)) }
  }

  private func accept() {
    while true {
      let connection = Glibc.accept(listener, nil, nil)
      guard connection >= 0 else { return }
      let isWelcome = connections.withLock { $0?.insert(connection) != nil }
      guard isWelcome else {
        close(connection)
        return
      }
      var one: Int32 = 1
      setsockopt(connection, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
      Thread.detachNewThread { self.serve(connection) }
    }
  }

  private func serve(_ connection: Int32) {
    defer {
      connections.withLock { _ = $0?.remove(connection) }
      close(connection)
    }
    var received: [UInt8] = []
    while let request = Self.read(&received, from: connection) {
      switch handle(request) {
      case .reply(let status, let headers, let body):
        var head = "HTTP/1.1 \(status) -\r\nContent-Length: \(body.utf8.count)\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        guard Self.write(head + "\r\n" + body, to: connection) else { return }
      case .cut(let body):
        let head = "HTTP/1.1 200 -\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
        _ = Self.write(head + body.prefix(body.count / 2), to: connection)
        return
      case .close: return
      }
    }
  }

  private static func read(_ received: inout [UInt8], from connection: Int32) -> HTTPRequest? {
    func more() -> Bool {
      var buffer = [UInt8](repeating: 0, count: 65536)
      let count = recv(connection, &buffer, buffer.count, 0)
      if count > 0 { received += buffer[..<count] }
      return count > 0
    }
    var end = received.firstRange(of: [13, 10, 13, 10])
    while end == nil {
      guard more() else { return nil }
      end = received.firstRange(of: [13, 10, 13, 10])
    }
    guard let end else { return nil }
    let lines = String(decoding: received[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
    let words = lines[0].split(separator: " ")
    guard words.count == 3 else { return nil }
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      headers[parts[0].lowercased()] = parts.count == 2 ? parts[1].trimmingCharacters(in: .whitespaces) : ""
    }
    let length = Int(headers["content-length"] ?? "") ?? 0
    while received.count < end.upperBound + length { guard more() else { return nil } }
    let body = Array(received[end.upperBound..<end.upperBound + length])
    received.removeFirst(end.upperBound + length)
    let target = words[1].split(separator: "?", maxSplits: 1)
    var query: [String: String] = [:]
    for parameter in target.count == 2 ? target[1].split(separator: "&") : [] {
      let parts = parameter.split(separator: "=", maxSplits: 1)
      query[String(parts[0])] = parts.count == 2 ? String(parts[1]).removingPercentEncoding : ""
    }
    return HTTPRequest(
      method: String(words[0]), path: String(target[0]), query: query, headers: headers, body: body)
  }

  private static func write(_ text: String, to connection: Int32) -> Bool {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count <= 0 { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }
}
