internal import COpenBLAS

/// The BLAS library this process runs on.
///
/// Results are promised to be the same for any number of threads, and a threaded BLAS splits its sums differently
/// for each number. So BLAS is given one thread, once, before its first use; parallel work is done over independent problems.
public enum BLAS {
  /// What was found at run time. The kernels matter: the same library is up to 1.7 times faster or slower by them alone.
  public struct Info: Sendable, Equatable {
    /// Name and version, such as "OpenBLAS 0.3.21".
    public let library: String
    /// How the library says it was built.
    public let configuration: String
    /// The processor family whose kernels are in use, such as "Haswell". `OPENBLAS_CORETYPE` chooses another.
    public let kernels: String
    /// Threads that a BLAS call may use.
    public let threads: Int
  }

  /// Which library, kernels and threads are in use.
  public static var info: Info {
    prepare()
    let configuration = unsafe String(cString: openblas_get_config()).trimmingSpaces()
    let words = configuration.split(separator: " ")
    return Info(
      library: words.prefix(2).joined(separator: " "), configuration: configuration,
      kernels: unsafe String(cString: openblas_get_corename()), threads: Int(openblas_get_num_threads()))
  }

  private static let singleThread: Void = openblas_set_num_threads(1)

  /// Called before every use of the library; only the first call does something.
  @inline(__always) static func prepare() { singleThread }
}

extension String {
  fileprivate func trimmingSpaces() -> String {
    split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
  }
}
