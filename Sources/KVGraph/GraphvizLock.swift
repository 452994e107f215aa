import Synchronization

/// Graphviz keeps its state in variables of its own: one thread at a time, whether it reads or draws.
package enum GraphvizLock {
  package static let mutex = Mutex(())
}
