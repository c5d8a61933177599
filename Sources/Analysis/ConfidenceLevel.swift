internal import Foundation

extension Double {
  /// A confidence level as it is written: 95%, 99.5%.
  var percentage: String { String(format: "%.6g%%", 100 * self) }
}
