import Foundation
import Testing

@Suite struct AgreementLabelTests {
  /// Cohen (1960) by hand: of 20 cases 13 are agreed, margins 10/12, 6/5, 4/3, hence p_e = (120 + 30 + 12)/400.
  static let pairs: [(String, String, Int)] = [
    ("合格", "合格", 8), ("合格", "待定", 1), ("合格", "不合格", 1), ("待定", "合格", 3), ("待定", "待定", 3), ("不合格", "合格", 1), ("不合格", "待定", 1),
    ("不合格", "不合格", 2),
  ]

  static func long(_ rename: (String) -> String = { $0 }) -> String {
    var (text, unit) = ("unit,rater,score\n", 0)
    for (first, second, times) in pairs {
      for _ in 0..<times {
        text += "U\(unit),甲,\(rename(first))\nU\(unit),乙,\(rename(second))\n"
        unit += 1
      }
    }
    return text
  }

  static func wide() -> String {
    var (text, unit) = ("unit,甲,乙\n", 0)
    for (first, second, times) in pairs {
      for _ in 0..<times {
        text += "U\(unit),\(first),\(second)\n"
        unit += 1
      }
    }
    return text
  }

  func estimates(_ input: String, _ options: [String]) throws -> [String: Double] {
    let ending = try Program.run(["agreement", "-", "--quiet", "--bootstrap", "0", "--format", "csv"] + options, input: input)
    try #require(ending.status == 0, "\(ending.errors)")
    var found: [String: Double] = [:]
    for line in ending.output.split(whereSeparator: \.isNewline).dropFirst() {
      // A name with a comma in it stands in quotation marks.
      let quoted = line.hasPrefix("\"")
      let end = try #require(line.range(of: quoted ? "\"," : ","))
      let fields = line[end.upperBound...].split(separator: ",", omittingEmptySubsequences: false)
      found[String(line[..<end.lowerBound].drop { $0 == "\"" })] = Double(fields[0]) ?? .nan
    }
    return found
  }

  @Test func cohen1960ByHand() throws {
    let observed = 0.65
    let expected = 162.0 / 400
    let kappa: Double = (observed - expected) / (1 - expected)
    for (input, options) in [(Self.long(), ["--labels"]), (Self.wide(), ["--labels"])] {
      let found = try estimates(input, options)
      let cohen = try #require(found["Cohen's κ"])
      #expect(abs(cohen - kappa) < 1e-9)
      let agreement = try #require(found["Agreement"])
      #expect(abs(agreement - observed) < 1e-9)
    }
  }

  /// Fleiss (1971), Psychological Bulletin 76:378–382, table 1: how many of six psychiatrists gave each of 30 patients each diagnosis.
  static let fleiss1971 = [
    "00060", "03003", "01401", "00006", "03030", "20400", "00402", "20310", "20040", "00006", "10050", "11040", "03300", "10050", "02031",
    "00501", "30012", "51000", "02040", "10203", "00006", "01050", "02013", "20040", "10041", "05010", "40002", "02040", "10500", "00006",
  ]

  /// Printed: κ = .430. κ of each diagnosis by R 4.2, irr 0.84.1 (`kappam.fleiss(diagnoses, detail = TRUE)`).
  @Test func fleiss1971PsychiatricDiagnoses() throws {
    let names = ["Depression", "Personality disorder", "Schizophrenia", "Neurosis", "Other"]
    var text = "patient,psychiatrist,diagnosis\n"
    for (patient, counts) in Self.fleiss1971.enumerated() {
      let given = zip(names, counts).flatMap { [String](repeating: $0, count: $1.wholeNumberValue!) }
      for (place, name) in given.enumerated() { text += "P\(patient),\(place),\(name)\n" }
    }
    let columns = ["--unit", "patient", "--rater", "psychiatrist", "--score", "diagnosis", "--labels"]
    let found = try estimates(text, columns)
    #expect(abs(try #require(found["Fleiss' κ"]) - 0.430) < 5e-4)
    let ending = try Program.run(
      ["agreement", "-", "--quiet", "--bootstrap", "0", "--format", "csv", "--table", "labels"] + columns, input: text)
    let rows = ending.output.split(whereSeparator: \.isNewline).map { $0.split(separator: ",") }
    let place = try #require(rows[0].firstIndex(of: "kappa"))
    let kappas = Dictionary(uniqueKeysWithValues: rows.dropFirst().map { (String($0[0]), Double($0[place]) ?? .nan) })
    #expect(kappas.count == 5)
    for (name, printed) in zip(names, [0.245, 0.245, 0.520, 0.471, 0.566]) {
      #expect(abs(try #require(kappas[name]) - printed) < 5e-4, "\(name)")
    }
  }

  @Test func `new names change no coefficient, and an order gives what numbers give`() throws {
    let plain = try estimates(Self.long(), ["--labels"])
    let renamed = try estimates(Self.long { ["合格": "z", "待定": "a", "不合格": "m"][$0]! }, ["--labels"])
    #expect(plain.keys.sorted() == renamed.keys.sorted())
    for (name, value) in plain where !value.isNaN { #expect(abs(value - renamed[name]!) < 1e-12, "\(name)") }
    let ordered = try estimates(Self.long(), ["--order", "不合格,待定,合格"])
    let numbers = try estimates(Self.long { ["不合格": "1", "待定": "2", "合格": "3"][$0]! }, ["--scale", "ordinal"])
    #expect(ordered.keys.sorted() == numbers.keys.sorted() && ordered.keys.contains { $0.hasPrefix("ICC") })
    for (name, value) in ordered where !value.isNaN { #expect(abs(value - numbers[name]!) < 1e-12, "\(name)") }
  }

  @Test func `names without an order have no weights, and a typo among numbers stays an error`() throws {
    let weighted = try Program.run(["agreement", "-", "--labels", "--weights", "linear"], input: Self.long())
    #expect(weighted.status == 2 && weighted.errors.contains("--order"))
    let report = try Program.run(
      ["agreement", "-", "--labels", "--coefficients", "all", "--bootstrap", "0", "--format", "csv"], input: Self.long())
    #expect(report.status == 0 && report.output.contains("names have no order"))
    let typo = try Program.run(["agreement", "-"], input: "unit,rater,score\nA,x,1\nA,y,2\nB,x,3o\nB,y,4\n")
    #expect(typo.status == 2 && typo.errors.contains("“3o” is not a number") && typo.errors.contains("--labels"))
    let unknown = try Program.run(["agreement", "-", "--order", "不合格,合格"], input: Self.long())
    #expect(unknown.status == 2 && unknown.errors.contains("“待定” is none of") && unknown.errors.contains("line"))
  }
}
