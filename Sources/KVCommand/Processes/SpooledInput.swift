import KV
import Synchronization
import SystemPackage

/// A pipe, such as standard input, that can be read from its beginning more than once: what has been read is kept in a file without a name.
final class SpooledInput: Sendable {
  private let input: FileDescriptor
  private let name: String

  private struct State {
    var spool: FileDescriptor?
    /// How many bytes are in the spool.
    var size: Int64 = 0
    var isAtEnd = false
  }

  private let state = Mutex(State())

  /// - Parameter input: is closed with this, unless it is standard input.
  init(_ input: FileDescriptor, named name: String) { (self.input, self.name) = (input, name) }

  deinit {
    if input != .standardInput { try? input.close() }
    state.withLock { try? $0.spool?.close() }
  }

  /// Gives a function that reads the next chunk, from the beginning; empty at the end.
  func open() throws -> () throws -> [UInt8] {
    let first = try chunk(at: 0)
    if let program = try CompressedFile.program(for: first) {
      // The program reads a file, not what is left of a pipe.
      var position = Int64(first.count)
      while case let more = try chunk(at: position), !more.isEmpty { position += Int64(more.count) }
      return try state.withLock { state in
        guard let spool = state.spool else { return { [] } }
        try spool.seek(offset: 0, from: .start)
        return try CompressedFile.unpack(spool, with: program, named: name)
      }
    }
    var position: Int64 = 0
    return {
      let chunk = try self.chunk(at: position)
      position += Int64(chunk.count)
      return chunk
    }
  }

  private func chunk(at position: Int64) throws -> [UInt8] {
    try state.withLock { state in
      if position < state.size, let spool = state.spool {
        return try [UInt8](unsafeUninitializedCapacity: Input.chunkSize) { buffer, count in
          count = try spool.read(fromAbsoluteOffset: position, into: UnsafeMutableRawBufferPointer(buffer))
        }
      }
      if state.isAtEnd { return [] }
      let chunk = try Input.chunk(from: input, named: name)
      state.isAtEnd = chunk.isEmpty
      if !chunk.isEmpty {
        let spool = try state.spool ?? TemporaryFile.make()
        state.spool = spool
        do {
          try spool.writeAll(toAbsoluteOffset: state.size, chunk)
        } catch {
          throw KVError(.failed, "cannot keep \(name) in a temporary file: \(error); see TMPDIR")
        }
        state.size += Int64(chunk.count)
      }
      return chunk
    }
  }
}
