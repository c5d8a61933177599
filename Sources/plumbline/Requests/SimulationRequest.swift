import Foundation
import Simulation
import Wording

/// The campaign to simulate and where to put it: values made of `SimulationArguments`.
struct SimulationRequest {
  var plan: CampaignPlan
  var seed: UInt64
  var folder: String

  init(_ typed: SimulationArguments, _ problems: inout Problems) {
    let presets = Preset.allCases.map(\.rawValue).joined(separator: ", ")
    let preset = typed.preset.flatMap(Preset.init)
    if let name = typed.preset, preset == nil {
      problems.add("--preset \(name): say one of \(presets).", zh: "--preset \(name)：可用的有 \(presets)。")
    }
    plan = (preset ?? .case).plan
    folder = typed.out
    if folder.isEmpty { problems.add("--out needs a folder.", zh: "--out 需要文件夹名。") }
    if let own = Self.realScores(in: folder) {
      problems.add(
        "--out \(folder): it holds \(own) and no truth.csv, so that it is not a simulated campaign and is not written over; name another folder.",
        zh: "--out \(folder)：该文件夹中有 \(own) 而没有 truth.csv，不是模拟生成的，不予覆盖；请换一个文件夹。")
    }
    seed = problems.seed(typed.seed) ?? 1

    scale(typed.variant, &problems)
    size(typed, &problems)
    variation(typed, &problems)
    if !typed.plant.isEmpty { plan.planted = typed.plant.compactMap { Self.planted($0, &problems) } }
    if typed.honest {
      if !typed.plant.isEmpty { problems.add("--honest and --plant contradict each other.", zh: "--honest 与 --plant 互相矛盾。") }
      plan = plan.honest
    }
  }

  /// A file of a campaign that nobody simulated and that would be lost; nil when there is none.
  private static func realScores(in folder: String) -> String? {
    func exists(_ file: SimulatedFile) -> Bool {
      FileManager.default.fileExists(atPath: URL(fileURLWithPath: folder).appendingPathComponent(file.rawValue).path)
    }
    return exists(.truth) ? nil : SimulatedFile.allCases.first(where: exists)?.rawValue
  }

  private mutating func scale(_ typed: String?, _ problems: inout Problems) {
    let before = plan.variant
    plan.variant = problems.choice(
      typed, option: "--variant", default: before,
      ["continuous": .continuous, "ordinal": .ordinal, "full-marks": .fullMarks([5, 10, 15, 100])])
    // Ordinal effects are in logits, all others in points: what was set for one means nothing for the other.
    if (plan.variant == .ordinal) != (before == .ordinal) {
      plan.spread = plan.variant == .ordinal ? .logits : .points
      plan.magnitudes = plan.variant == .ordinal ? .logits : .points
    }
  }

  private mutating func size(_ typed: SimulationArguments, _ problems: inout Problems) {
    for (text, option, path) in [
      (typed.raters, "--raters", \CampaignPlan.raters), (typed.units, "--units", \.units), (typed.criteria, "--criteria", \.criteria),
      (typed.teamSize, "--team-size", \.teamSize), (typed.groups, "--groups", \.groups),
    ] {
      if let value = Self.number(text, option, { Int($0) }, &problems) { plan[keyPath: path] = value }
    }
    guard let panel = Self.number(typed.panel, "--panel", { Int($0) }, &problems) else { return }
    if case .nested = plan.design {
      problems.add("--panel: in this preset every unit is scored by its whole team.", zh: "--panel：此类考评活动中每个单位由整个考评组评分。")
    } else {
      plan.design = .crossed(ratersPerUnit: panel)
    }
  }

  private mutating func variation(_ typed: SimulationArguments, _ problems: inout Problems) {
    for (text, option, path) in [
      (typed.strength, "--strength", \CampaignPlan.strength), (typed.mean, "--mean", \.mean), (typed.sheetSd, "--sheet-sd", \.spread.sheet),
      (typed.levelNoise, "--level-noise", \.noise.levelSlope), (typed.raterNoise, "--rater-noise", \.noise.raterLogSpread),
      (typed.missing, "--missing", \.noise.missingSheetShare), (typed.ceiling, "--ceiling", \.noise.ceiling),
      (typed.audit, "--audit", \.auditShare),
    ] {
      if let value = Self.number(text, option, { Double($0) }, &problems) { plan[keyPath: path] = value }
    }
    if let df = Self.number(typed.tailDf, "--tail-df", { Double($0) }, &problems) { plan.noise.tailDegreesOfFreedom = df }
  }

  private static func number<Number>(
    _ text: String?, _ option: String, _ parse: (String) -> Number?, _ problems: inout Problems
  ) -> Number? {
    guard let text else { return nil }
    if let value = parse(text) { return value }
    problems.add("\(option) \(text): that is no number it can take.", zh: "\(option) \(text)：不是可用的数值。")
    return nil
  }

  /// `severe=2` or `random=5%`.
  private static func planted(_ text: String, _ problems: inout Problems) -> PlantedAnomaly? {
    let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
    if parts.count == 2, let kind = Anomaly(rawValue: parts[0]) {
      if let number = Int(parts[1]), number >= 0 { return PlantedAnomaly(kind, .number(number)) }
      if parts[1].hasSuffix("%"), let share = Double(parts[1].dropLast()), (0...100).contains(share) {
        return PlantedAnomaly(kind, .share(share / 100, atLeast: share > 0 ? 1 : 0))
      }
    }
    let kinds = Anomaly.allCases.map(\.rawValue).joined(separator: ", ")
    problems.add(
      "--plant \(text): write it as severe=2 or severe=5%; the kinds are \(kinds).",
      zh: "--plant \(text)：请写成 severe=2 或 severe=5%；种类有 \(kinds)。")
    return nil
  }
}
