internal import Dispatch
internal import Synchronization

/// Applies `body` to 0 ..< `count` on up to `threads` threads and returns the results in order, so that nothing depends on timing.
func parallelMap<T: Sendable>(_ count: Int, threads: Int, _ body: @Sendable (Int) -> T) -> [T] {
  let workers = min(threads, count)
  guard workers > 1 else { return (0..<count).map(body) }
  let results = Mutex([T?](repeating: nil, count: count))
  let next = Atomic(0)
  DispatchQueue.concurrentPerform(iterations: workers) { _ in
    while true {
      let i = next.wrappingAdd(1, ordering: .relaxed).oldValue
      guard i < count else { return }
      let value = body(i)
      results.withLock { $0[i] = value }
    }
  }
  return results.withLock { $0.map { $0! } }
}
