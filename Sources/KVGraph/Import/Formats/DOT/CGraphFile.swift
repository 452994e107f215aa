import CGraphviz
import KV
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The graphs of a text, read by libcgraph one after another and closed again.
enum CGraphFile {
  /// What libcgraph has to say, which would go to standard error.
  private static let messages = Mutex("")

  /// - Parameter nodeAttributes: their names, with their places in the text's order.
  static func items(of text: [UInt8], isText: Bool, nodeAttributes: [ByteKey: Int]) throws -> [ImportedItem] {
    try GraphvizLock.mutex.withLock { _ in
      if let reason = kv_graphviz_missing() {
        throw KVError(.failed, "DOT needs Graphviz: \(String(cString: reason))")
      }
      messages.withLock { $0 = "" }
      let previous = agseterrf { text in
        guard let text else { return 0 }
        let message = String(cString: text)
        CGraphFile.messages.withLock { $0 += message }
        return 0
      }
      defer { _ = agseterrf(previous) }
      var graphs = CGraphItems(
        isText: isText, nodeAttributes: nodeAttributes, invalidByte: text.firstInvalidByte)
      try read(text) { graph in try graphs.add(graph) }
      guard !graphs.items.isEmpty else {
        throw JSONError(reason: "as DOT: the file holds no graph", line: 1, column: 1)
      }
      return graphs.items
    }
  }

  private static func read(_ text: [UInt8], _ body: (UnsafeMutablePointer<Agraph_t>) throws -> Void) throws {
    guard !text.isEmpty else { return }
    // The scanner counts lines through all it reads; reading from memory makes it begin anew.
    if let empty = agmemread("graph{}") { agclose(empty) }
    var text = text
    try text.withUnsafeMutableBytes { bytes in
      guard let file = fmemopen(bytes.baseAddress, bytes.count, "r") else {
        throw KVError(.failed, "DOT cannot be read: \(String(cString: strerror(errno)))")
      }
      defer { fclose(file) }
      var problem: (any Error)?
      // To the end in any case: the scanner keeps what is left for the next file.
      while let graph = agread(file, nil) {
        if let error = DOTMessages.error(in: messages.withLock({ $0 })) {
          problem = problem ?? error
          // A graph that broke off stays: the parser still holds pieces of it.
          continue
        }
        if problem == nil {
          do { try body(graph) } catch { problem = error }
        }
        agclose(graph)
      }
      if let problem = problem ?? DOTMessages.error(in: messages.withLock({ $0 })) { throw problem }
    }
  }
}

extension [UInt8] {
  /// Where UTF-8 ends; `nil` for good text.
  fileprivate var firstInvalidByte: (line: Int, isThere: Bool) {
    if String(validating: self, as: UTF8.self) != nil { return (1, false) }
    var rest = self[...]
    var line = 1
    while !rest.isEmpty {
      let end = (rest.firstIndex(of: 0x0A) ?? rest.endIndex - 1) + 1
      if String(validating: rest[..<end], as: UTF8.self) == nil { return (line, true) }
      rest = rest[end...]
      line += 1
    }
    return (line, true)
  }

  /// Counted from 1.
  func line(of place: Int) -> Int { self[..<place].count { $0 == 0x0A } + 1 }
}
