import KV
import KVGraph
import KVQuery

/// What the command line can do about an error or a note of the libraries, which know nothing of its options.
extension KVError {
  /// The message, with the options that help.
  var line: String { message + (advice.map { "; " + $0 } ?? "") }

  private var advice: String? {
    switch reason {
    case .noDatabase: "make one with 'kv init'"
    case .noTables: "make them with 'kv init'"
    case .foreignConnection: "say which with --type postgres"
    case .noConsumer: "'kv consumer stream' makes one"
    case .edgeExists: "use --replace to write it anew, or --key to add a parallel one"
    case .edgeIsTurned: "see kv graph verify --repair"
    case .nodeExists: "see --replace"
    case .recordWithoutNodeType: "see --replace, and kv graph adopt for records without a node type"
    case .recordExists: "see --on-conflict skip and replace"
    case .missingWeight: "see --default-weight"
    case .parallelEdge: "see --parallel"
    case .hyperedge: "--hyperedges pairs makes an edge of each pair"
    case .unknownColumns:
      "--from and --to, or --id, name the columns of other tables, and --format list reads one without a header"
    case .unknownFormat: "--format names the format"
    case .fixedName: "'kv graph rename-node' changes it"
    case .readOnlyQuery: "--write lets it"
    case .queryMemory: "--memory raises it"
    case .missingParameter: "--param NAME=JSON gives it one"
    case .partlyImported: "import it again with --on-conflict skip to finish"
    default: nil
    }
  }
}

extension ImportNote {
  /// The note, with the option that changes what it says.
  var line: String {
    switch self {
    case .nodesWithoutType: "\(self) (--node-type names another)"
    case .edgesWithoutType: "\(self) (--edge-type names another)"
    case .staysDirected(let type): "\(self); kv graph edge-type \(JSON(type)) --undirected changes all"
    case .notTakenIn, .other: description
    }
  }
}

extension KVError.Code {
  /// The exit status of the command.
  var exitStatus: Int32 {
    switch self {
    case .failed: 1
    case .notFound: 3
    case .conflict: 4
    case .unavailable: 5
    case .usage: 64
    case .invalidData: 65
    }
  }
}
