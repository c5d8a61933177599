import Foundation
import Testing

@testable import Wording

@Suite struct SystemErrorTextTests {
  /// The number is found however deep it lies, and in Chinese no English is left.
  @Test(arguments: [
    (ENOENT, "No such file or directory", "文件或文件夹不存在"), (EACCES, "Permission denied", "没有访问权限"),
    (EISDIR, "Is a directory", "这是文件夹，不是文件"), (EPIPE, "Broken pipe", "接收输出的程序已经关闭"),
    (ENOSPC, "No space left on device", "磁盘空间不足"),
  ])
  func byNumber(number: Int32, en: String, zh: String) {
    let inner = NSError(domain: NSPOSIXErrorDomain, code: Int(number))
    let outer = NSError(domain: NSCocoaErrorDomain, code: 256, userInfo: [NSUnderlyingErrorKey: inner])
    for error in [inner, outer] as [any Error] { #expect(SystemErrorText.reason(of: error) == Text(en, zh: zh)) }
    #expect(SystemErrorText.reason(of: POSIXError(POSIXErrorCode(rawValue: number)!)) == Text(en, zh: zh))
  }

  /// What Foundation throws in earnest, by each way in which files are read.
  @Test func missingFiles() {
    let missing = URL(fileURLWithPath: "/no/such/file")
    let expected = Text("No such file or directory", zh: "文件或文件夹不存在")
    func reason(_ body: () throws -> Void) -> Text? {
      do {
        try body()
        return nil
      } catch { return SystemErrorText.reason(of: error) }
    }
    #expect(reason { _ = try String(contentsOf: missing, encoding: .utf8) } == expected)
    #expect(reason { _ = try Data(contentsOf: missing) } == expected)
    #expect(reason { _ = try FileHandle(forReadingFrom: missing) } == expected)
  }

  @Test func unknownNumbersKeepTheSystemsWords() {
    let reason = SystemErrorText.reason(of: NSError(domain: NSPOSIXErrorDomain, code: Int(EDOM)))
    #expect(reason.zh == "系统错误 \(EDOM)（\(reason.en)）" && !reason.en.isEmpty)
  }
}
