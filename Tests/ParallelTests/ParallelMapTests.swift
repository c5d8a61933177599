import Parallel
import Synchronization
import Testing

@Suite struct ParallelMapTests {
  private struct Odd: Error, Equatable { let number: Int }

  @Test func `results stand in the order of the pieces, however many threads`() {
    let squares = (0..<100).map { $0 * $0 }
    for threads in [-1, 0, 1, 2, 5, 200] { #expect(parallelMap(100, threads: threads) { $0 * $0 } == squares) }
    #expect(parallelMap(100) { $0 * $0 } == squares)
    #expect(parallelMap(0) { $0 }.isEmpty)
    #expect(parallelMap(0, threads: 4) { $0 }.isEmpty)
  }

  @Test func `every piece is done once`() {
    let done = Mutex([Int](repeating: 0, count: 1000))
    let results = parallelMap(1000, threads: 3) { i in
      done.withLock { $0[i] += 1 }
      return i
    }
    #expect(results == Array(0..<1000))
    #expect(done.withLock { $0 } == [Int](repeating: 1, count: 1000))
  }

  @Test func `the first failure in order is thrown, not the first in time`() {
    for threads in [1, 2, 8] {
      #expect(throws: Odd(number: 3)) {
        _ = try parallelMap(50, threads: threads) { i throws(Odd) -> Int in
          if i >= 3, i % 2 == 1 { throw Odd(number: i) }
          return i
        }
      }
    }
  }

  @Test func `work inside work`() {
    let table = parallelMap(20) { i in parallelMap(20, threads: 2) { i * $0 } }
    #expect(table == (0..<20).map { i in (0..<20).map { i * $0 } })
  }
}
