import Foundation

/// A reproducible stream of random numbers, named by a seed and a path of stream numbers.
///
/// Generator: xoshiro256++ 1.0 (Blackman and Vigna 2019), period 2^256 − 1. The state is filled by SplitMix64 from a
/// 64-bit key that is a hash of `(seed, path…)`, so `RandomStream(seed: 7, 3, 11)` is the same sequence on every
/// machine and in every thread, whatever other streams have been drawn from. With n streams in use the chance that two
/// share a key is about n² / 2^65 (3e-8 for a million streams).
///
/// Two things follow for callers: give each parallel piece of work its own stream number (a replicate, a subject) instead of
/// passing one stream around, and never derive a stream from the state of another.
public struct RandomStream: RandomNumberGenerator, Sendable, Equatable {
  @usableFromInline var s0: UInt64
  @usableFromInline var s1: UInt64
  @usableFromInline var s2: UInt64
  @usableFromInline var s3: UInt64
  /// The key the state was made from; kept so that `substream` depends on the name of this stream, not on its position.
  let key: UInt64

  /// The stream with the given name. `path` may be empty; `(1)`, `(1, 0)` and `()` are three different streams.
  public init(seed: UInt64, _ path: UInt64...) {
    var key = SplitMix64.mix(seed &+ SplitMix64.increment)
    for part in path { key = RandomStream.extend(key, by: part) }
    self.init(key: key)
  }

  /// The stream `index` below this one: `RandomStream(seed: 7, 3).substream(11) == RandomStream(seed: 7, 3, 11)`,
  /// however much has been drawn from the parent.
  public func substream(_ index: UInt64) -> RandomStream {
    RandomStream(key: RandomStream.extend(key, by: index))
  }

  /// The raw generator with a given state, for checking against published sequences. The state must not be all zero.
  public init(state: (UInt64, UInt64, UInt64, UInt64)) {
    precondition(state != (0, 0, 0, 0), "the all-zero state is a fixed point of xoshiro256++")
    (s0, s1, s2, s3) = state
    key = s0 ^ s1 ^ s2 ^ s3
  }

  private init(key: UInt64) {
    var seeder = SplitMix64(state: key)
    s0 = seeder.next()
    s1 = seeder.next()
    s2 = seeder.next()
    s3 = seeder.next()
    self.key = key
  }

  private static func extend(_ key: UInt64, by part: UInt64) -> UInt64 {
    // The multiplication keeps (key, part) and (part, key) apart; both mixes are bijections of their argument.
    SplitMix64.mix(key &* 0xD134_2543_DE82_EF95 &+ SplitMix64.mix(part &+ SplitMix64.increment))
  }

  /// The next 64 random bits.
  @inlinable @inline(__always)
  public mutating func next() -> UInt64 {
    let sum = s0 &+ s3
    let result = ((sum &<< 23) | (sum &>> 41)) &+ s0
    let t = s1 &<< 17
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= t
    s3 = (s3 &<< 45) | (s3 &>> 19)
    return result
  }

  /// A uniform number strictly inside (0, 1): the midpoints (k + ½)·2⁻⁵², so that `log` and quantile functions
  /// never see an end point.
  @inlinable @inline(__always)
  public mutating func uniform() -> Double {
    (Double(next() &>> 12) + 0.5) * 0x1p-52
  }

  /// A uniform integer in 0 ..< `bound`, without bias (Lemire 2019).
  /// - Precondition: `bound` > 0.
  @inlinable @inline(__always)
  public mutating func below(_ bound: Int) -> Int {
    precondition(bound > 0, "the range must not be empty")
    let n = UInt64(bound)
    var product = next().multipliedFullWidth(by: n)
    if product.low < n {
      let threshold = (0 &- n) % n
      while product.low < threshold { product = next().multipliedFullWidth(by: n) }
    }
    return Int(product.high)
  }

  /// `true` with probability `p`.
  @inlinable
  public mutating func bernoulli(_ p: Double) -> Bool { uniform() < p }

  /// Puts the elements in a uniformly random order (Fisher–Yates).
  @inlinable
  public mutating func shuffle<Element>(_ elements: inout [Element]) {
    shuffle(&elements, in: elements.startIndex..<elements.endIndex)
  }

  /// Puts the elements of one range in a uniformly random order and leaves the others alone.
  @inlinable
  public mutating func shuffle<Element>(_ elements: inout [Element], in range: Range<Int>) {
    guard range.count > 1 else { return }
    for last in stride(from: range.upperBound - 1, to: range.lowerBound, by: -1) {
      let other = range.lowerBound + below(last - range.lowerBound + 1)
      if other != last { elements.swapAt(last, other) }
    }
  }

  /// The numbers 0 ..< `count` in a uniformly random order.
  public mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    shuffle(&order)
    return order
  }
}

/// SplitMix64 (Steele, Lea and Flood 2014), used only to turn keys into states.
struct SplitMix64: Sendable {
  static let increment: UInt64 = 0x9E37_79B9_7F4A_7C15
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= SplitMix64.increment
    return SplitMix64.mix(state)
  }

  static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z &>> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z &>> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z &>> 31)
  }
}
