import KV
import Synchronization

/// The nodes that are known, given or learned, and which of them to ask.
final class RqliteCluster: Sendable {
  private struct State {
    var nodes: [String]
    var preferred = 0
  }

  private let state: Mutex<State>

  init(_ nodes: [String]) { state = Mutex(State(nodes: nodes)) }

  var nodes: [String] { state.withLock { $0.nodes } }
  var preferred: String { state.withLock { $0.nodes[$0.preferred] } }

  /// Asks another node from now on, unless somebody else has seen to that.
  func avoid(_ node: String) {
    state.withLock { state in
      if state.nodes[state.preferred] == node { state.preferred = (state.preferred + 1) % state.nodes.count }
    }
  }

  /// Asks this node from now on.
  func prefer(_ node: String) {
    state.withLock { state in
      if let index = state.nodes.firstIndex(of: node) { state.preferred = index }
    }
  }

  /// Takes up the addresses in a reply to `/nodes`. Those with another scheme are left out: what began in secret stays so.
  func learn(from reply: HTTPReply) {
    guard reply.status == 200, let members = try? JSON(parsing: reply.body).members else { return }
    let addresses = members.compactMap { $0.value["api_addr"]?.string }.compactMap(Self.origin(of:))
    state.withLock { state in
      let scheme = state.nodes[0].prefix { $0 != ":" } + ":"
      for address in addresses where address.hasPrefix(scheme) && !state.nodes.contains(address) {
        state.nodes.append(address)
      }
    }
  }

  /// Scheme, host and port of an address.
  static func origin(of address: String) -> String? {
    guard let scheme = ["http://", "https://"].first(where: address.lowercased().hasPrefix) else {
      return nil
    }
    let authority = address.dropFirst(scheme.count).prefix { !"/?#".contains($0) }
    return authority.contains("@") ? nil : scheme + authority.lowercased()
  }
}
