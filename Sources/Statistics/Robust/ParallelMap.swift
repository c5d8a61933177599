import Dispatch
import Synchronization

/// The results of independent pieces of work, in order, whichever thread does which.
func parallelMap<T: Sendable>(_ count: Int, _ work: @Sendable (Int) -> T) -> [T] {
  if count <= 1 { return (0..<count).map(work) }
  let results = Mutex([T?](repeating: nil, count: count))
  DispatchQueue.concurrentPerform(iterations: count) { i in
    let result = work(i)
    results.withLock { $0[i] = result }
  }
  return results.withLock { $0 }.map { $0! }
}
