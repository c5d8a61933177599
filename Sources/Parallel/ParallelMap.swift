public import Dispatch
public import Synchronization

/// The results of `work` on 0 ..< `count`, in that order, on as many threads as there are cores or at most `threads`.
///
/// Which thread does which piece, and when, shows nowhere in what is returned. Pieces are handed out one by one, so that uneven ones keep all
/// threads busy; each costs an atomic addition and a lock besides its work. Nested calls share the same threads.
/// Inlinable, so that results need no boxes in the modules that call it.
/// - Throws: the error of the first piece, in order, that failed; the others are done all the same, so that it is always the same one.
@inlinable
public func parallelMap<T: Sendable, Failure: Error>(
  _ count: Int, threads: Int = .max, _ work: @Sendable (Int) throws(Failure) -> T
) throws(Failure) -> [T] {
  let workers = min(threads, count)
  var values: [T] = []
  values.reserveCapacity(count)
  if workers <= 1 {
    for i in 0..<count { values.append(try work(i)) }
    return values
  }
  let results = Mutex([Result<T, Failure>?](repeating: nil, count: count))
  let next = Atomic(0)
  DispatchQueue.concurrentPerform(iterations: workers) { _ in
    while true {
      let i = next.wrappingAdd(1, ordering: .relaxed).oldValue
      if i >= count { return }
      let result: Result<T, Failure>
      do throws(Failure) { result = .success(try work(i)) } catch { result = .failure(error) }
      results.withLock { $0[i] = result }
    }
  }
  for result in results.withLock({ $0 }) { values.append(try result!.get()) }
  return values
}
