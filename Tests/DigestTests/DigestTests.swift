import Digest
import Foundation
import Testing

@Suite struct DigestTests {
  /// FIPS 180-4 examples as published by NIST (SHA256.pdf and "SHA Test Vectors": empty message, "abc", a million times "a").
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (String(repeating: "a", count: 1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
  ])
  func agreesWithThePublishedVectors(_ message: String, _ expected: String) {
    let bytes = Array(message.utf8)
    #expect(SHA256Digest.of(bytes) == expected)
    var pieces = SHA256Digest()
    let shared = SharedDigest()
    for start in stride(from: 0, to: bytes.count, by: 999) {
      let piece = Array(bytes[start..<min(start + 999, bytes.count)])
      pieces.update(piece)
      shared.update(Data(piece))
    }
    #expect(pieces.hexadecimal() == expected)
    #expect(shared.hexadecimal() == expected)
  }

  @Test func fingerprintsKeepListsApart() {
    let lists = [[], [""], ["", ""], ["ab"], ["a", "b"], ["b", "a"], ["a", "", "b"], ["甲"]]
    let prints = lists.map { Fingerprint.of($0) }
    #expect(Set(prints).count == lists.count)
    #expect(prints.allSatisfy { $0.count == 16 })
    // The first 16 digits of SHA-256 of 00 00 00 00 00 00 00 01 61, by Python 3 hashlib.
    #expect(Fingerprint.of(["a"]) == "3b196fd4907bedf5")
  }
}
