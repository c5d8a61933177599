import Detection
import Foundation
import LinearAlgebra

/// What `--version` prints: enough to tell why two machines differ in speed.
enum Version {
  static let number = Screen.version

  static var text: String {
    let blas = BLAS.info
    return """
      plumbline \(number)
      swift \(compiler)
      blas \(blas.library) (\(blas.configuration))
      kernels \(blas.kernels), \(blas.threads) thread\(blas.threads == 1 ? "" : "s") a call
      threads \(ProcessInfo.processInfo.activeProcessorCount)
      """
  }

  private static var compiler: String {
    #if compiler(>=6.4)
      "6.4 or later"
    #elseif compiler(>=6.3.1)
      "6.3.1"
    #elseif compiler(>=6.3)
      "6.3"
    #else
      "6.2"
    #endif
  }
}
