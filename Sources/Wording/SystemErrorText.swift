internal import Foundation

/// What the system says when it refuses, in the languages a supervisor reads: in English its own words, in Chinese those here, by errno.
public enum SystemErrorText {
  /// The reason at the bottom of an error of Foundation's: “No such file or directory”, without what is put before it.
  public static func reason(of error: any Error) -> Text {
    var deepest = error as NSError
    while let underlying = deepest.userInfo[NSUnderlyingErrorKey] as? any Error { deepest = underlying as NSError }
    let number = deepest.domain == NSPOSIXErrorDomain ? Int32(deepest.code) : foundation(deepest)
    let preamble = "The operation could not be completed. "
    let words = number.map { NSError(domain: NSPOSIXErrorDomain, code: Int($0)).localizedDescription } ?? deepest.localizedDescription
    let en = words.hasPrefix(preamble) ? String(words.dropFirst(preamble.count)) : words
    guard let number else { return Text(en, zh: "系统提示“\(en)”") }
    return Text(en, zh: chinese(number) ?? "系统错误 \(number)（\(en)）")
  }

  /// The number behind an error of Foundation's that does not carry one. Its words are then the system's too, so that a file that is not there is
  /// called the same wherever it is missed.
  private static func foundation(_ error: NSError) -> Int32? {
    guard error.domain == NSCocoaErrorDomain else { return nil }
    switch CocoaError.Code(rawValue: error.code) {
    case .fileNoSuchFile, .fileReadNoSuchFile: return ENOENT
    case .fileReadNoPermission, .fileWriteNoPermission: return EACCES
    case .fileWriteFileExists: return EEXIST
    case .fileWriteOutOfSpace: return ENOSPC
    case .fileWriteVolumeReadOnly: return EROFS
    case .fileReadTooLarge: return EFBIG
    default: return nil
    }
  }

  /// Nil for a number that reading and writing files hardly ever meets.
  static func chinese(_ number: Int32) -> String? {
    switch number {
    case ENOENT: "文件或文件夹不存在"
    case EACCES: "没有访问权限"
    case EPERM: "系统不允许这一操作"
    case EISDIR: "这是文件夹，不是文件"
    case ENOTDIR: "路径中有一段不是文件夹"
    case EEXIST: "同名文件已存在"
    case ENOTEMPTY: "文件夹不是空的"
    case ENOSPC: "磁盘空间不足"
    case EDQUOT: "超出磁盘配额"
    case EFBIG: "文件过大"
    case EROFS: "磁盘是只读的"
    case EIO: "磁盘读写出错"
    case EPIPE: "接收输出的程序已经关闭"
    case EBUSY, ETXTBSY: "文件正被占用"
    case EMFILE, ENFILE: "打开的文件过多"
    case ENAMETOOLONG: "文件名过长"
    case ELOOP: "符号链接层数过多"
    case EXDEV: "不能跨磁盘移动文件"
    case ENXIO, ENODEV: "没有这一设备"
    case ESTALE: "网络磁盘上的文件已失效"
    case ETIMEDOUT: "等待超时"
    case ENOMEM: "内存不足"
    case EINVAL: "系统不接受这一操作"
    case EINTR: "操作被中断"
    default: nil
    }
  }
}
