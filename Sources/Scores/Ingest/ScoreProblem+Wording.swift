public import Wording

extension ScoreProblem {
  /// What is wrong.
  public var message: Text {
    let quoted = text.map { "“\($0)”" } ?? ""
    switch kind {
    case .unreadable(let reason):
      return Text("the file cannot be read: \(reason.en)", zh: "无法读取文件：\(reason.zh)")
    case .isDirectory:
      return Text("this is a folder, not a file", zh: "这是文件夹，不是文件")
    case .empty:
      return Text("the file is empty", zh: "文件是空的")
    case .headerOnly:
      return Text("there is a header and no record below it", zh: "只有表头，下面没有记录")
    case .binary:
      return Text("this is not a text file: it holds zero bytes", zh: "这不是文本文件：其中有零字节")
    case .workbook:
      return Text("this is a spreadsheet workbook, not a text table", zh: "这是电子表格工作簿，不是文本表格")
    case .noScores(let missing):
      return Text("none of the \(missing) records holds a score", zh: "\(missing) 条记录都没有分数")
    case .tooManyScores:
      return Text("the file holds more than 4294967295 scores", zh: "文件中的分数超过 4294967295 个")
    case .missingColumn(let role, let headers):
      return Text(
        "no column holds the \(role.term.en); the headers are: \(list(headers))",
        zh: "找不到“\(role.term.zh)”列；表头有：\(listZH(headers))")
    case .wideWithoutUnit(let columns, let headers):
      return Text(
        "\(columns) columns hold numbers, as in a wide table, and none is headed as the unit; the headers are: \(list(headers))",
        zh: "有 \(columns) 列是数字，疑为宽表，但找不到“被考评单位”列；表头有：\(listZH(headers))")
    case .headerBelow(let below):
      return Text("this is not the header; line \(below) looks like it", zh: "这一行不是表头，第 \(below) 行才像表头")
    case .ambiguousColumn(let role, let headers):
      return Text(
        "several columns could hold the \(role.term.en): \(list(headers))", zh: "有几列都可能是“\(role.term.zh)”：\(listZH(headers))")
    case .duplicateHeader(let other):
      return Text("the header \(quoted) is also that of column \(other)", zh: "表头\(quoted)与第 \(other) 列重复")
    case .unknownColumn(let role, let headers):
      return Text(
        "there is no column \(quoted) for the \(role.term.en); the headers are: \(list(headers))",
        zh: "没有\(quoted)这一列可作“\(role.term.zh)”；表头有：\(listZH(headers))")
    case .noSuchColumn(let headers):
      return Text(
        "there is no single column \(quoted); the headers are: \(list(headers))", zh: "没有\(quoted)这一列，或有几列同名；表头有：\(listZH(headers))")
    case .columnUsedTwice(let role, let other):
      return Text(
        "the column is named both as \(role.term.en) and as \(other.term.en)", zh: "这一列既被指定为“\(role.term.zh)”，又被指定为“\(other.term.zh)”")
    case .ambiguousLayout(let headers):
      return Text(
        "no column is headed as a score, and it is not clear what the columns across are; the headers are: \(list(headers))",
        zh: "没有分数列，也看不出横向各列是什么；表头有：\(listZH(headers))")
    case .notNumericColumn:
      return Text("the column holds no numbers", zh: "这一列没有数字")
    case .noTimes(let role):
      return Text(
        "the first records hold no \(role.term.en) that can be read", zh: "前面的记录中没有可以识别的\(role.term.zh)")
    case .tooFewFields(let found, let expected):
      return Text("the record has \(found) fields, the header \(expected)", zh: "这条记录有 \(found) 个字段，表头有 \(expected) 个")
    case .tooManyFields(let found, let expected):
      return Text("the record has \(found) fields, the header \(expected)", zh: "这条记录有 \(found) 个字段，表头有 \(expected) 个")
    case .unterminatedQuote:
      return Text("a quotation mark is opened here and never closed", zh: "此处的引号没有配对的结束引号")
    case .textAfterQuote:
      return Text("text follows the closing quotation mark", zh: "结束引号之后还有文字")
    case .fieldTooLong(let bytes, let limit):
      return Text("the field has \(bytes) bytes; the limit is \(limit)", zh: "字段长 \(bytes) 字节，上限为 \(limit)")
    case .recordTooLong(let limit):
      return Text("the record is longer than \(limit) bytes", zh: "记录超过 \(limit) 字节")
    case .blankName(let role):
      return Text("the \(role.term.en) is blank, and there is a score", zh: "“\(role.term.zh)”为空，却有分数")
    case .summary(let role):
      return Text("\(quoted) looks like a row of totals or means, not a \(role.term.en)", zh: "\(quoted)疑为汇总行，不是\(role.term.zh)")
    case .notANumber:
      return Text("\(quoted) is not a number", zh: "\(quoted)不是数字")
    case .notATime(let role):
      return Text("\(quoted) cannot be read as a \(role.term.en)", zh: "\(quoted)无法识别为\(role.term.zh)")
    case .mixedTimes(let found, let expected):
      return Text(
        "\(quoted) is \(found.term.en), where the column began with \(expected.term.en)",
        zh: "\(quoted)是\(found.term.zh)，而该列前面写的是\(expected.term.zh)")
    case .unknownLabel(let labels):
      return Text("\(quoted) is none of \(list(labels))", zh: "\(quoted)不在 \(listZH(labels)) 之中")
    case .notFinite:
      return Text("\(quoted) is not a score", zh: "\(quoted)不是分数")
    case .decimalComma:
      return Text("\(quoted) has a comma where a decimal point is expected", zh: "\(quoted)中应为小数点处是逗号")
    case .decimalPoint:
      return Text("\(quoted) has a point where a decimal comma is expected", zh: "\(quoted)中应为小数逗号处是小数点")
    case .wrongEncoding(let encoding):
      return Text("the text is not valid \(encoding.name)", zh: "文字不是有效的 \(encoding.name) 编码")
    case .conflict(let owner, let name, let role, let first, let firstLine):
      return Text(
        "the \(owner.term.en) “\(name)” has the \(role.term.en) \(quoted) here and “\(first)” in line \(firstLine)",
        zh: "\(owner.term.zh)“\(name)”的\(role.term.zh)在此处是\(quoted)，在第 \(firstLine) 行是“\(first)”")
    }
  }

  /// What to do about it.
  public var remedy: Text {
    switch kind {
    case .unreadable:
      return Text("Check the path and the right to read it.", zh: "请检查路径和读取权限。")
    case .isDirectory:
      return Text("Name a file in it.", zh: "请指定其中的一个文件。")
    case .empty, .headerOnly, .noScores:
      return Text("Check that this is the file you meant.", zh: "请检查是否选对了文件。")
    case .binary:
      return Text("Save the table as CSV (UTF-8) and read that.", zh: "请将表格另存为 CSV（UTF-8）后再读取。")
    case .workbook:
      return Text("Save the sheet as CSV (UTF-8) and read that.", zh: "请将工作表另存为 CSV（UTF-8）后再读取。")
    case .tooManyScores:
      return Text("Split the file by campaign.", zh: "请按考评活动拆分文件。")
    case .missingColumn(let role, _), .ambiguousColumn(let role, _), .unknownColumn(let role, _):
      return Text(
        "Name it with --\(role.option) HEADER, or with its number.", zh: "请用 --\(role.option) 表头 指定，也可以写列号。")
    case .wideWithoutUnit:
      return Text(
        "Name the column of the units with --unit HEADER, or with its number; where the columns across are criteria, name the rater too.",
        zh: "请用 --unit 表头（或列号）指定被考评单位所在的列；横向各列若是指标，还须用 --rater 指定考评员所在的列。")
    case .headerBelow:
      return Text("Delete the lines above it, so that the header comes first.", zh: "请删去它上面的各行，使表头成为第一行。")
    case .duplicateHeader:
      return Text(
        "Rename one of them, or name the column by its number, as --rater 2.", zh: "请改名，或用列号指定，如 --rater 2。")
    case .noSuchColumn:
      return Text("Write a header as it stands in the file, or the column's number.", zh: "请照文件中的表头书写，或写列号。")
    case .columnUsedTwice:
      return Text("Name another column for one of them.", zh: "请为其中之一另指定一列。")
    case .ambiguousLayout:
      return Text(
        "Say --layout long, wide-raters or wide-criteria, and name columns, as --unit HEADER.",
        zh: "请用 --layout long、wide-raters 或 wide-criteria 说明，并指定各列，如 --unit 表头。")
    case .notNumericColumn:
      return Text("Leave it out of the columns named as scores.", zh: "请不要把它列为分数列。")
    case .noTimes:
      return Text("Name another column, or none.", zh: "请另指定一列，或不指定。")
    case .notATime:
      return Text(
        "Write it as 2026-03-05 14:30, as 2026-03-05 or as a number, or leave it blank; give the column another header if it holds something else.",
        zh: "请写成 2026-03-05 14:30、2026-03-05 或数字，不清楚的可留空；该列若是其他内容，请改用别的表头。")
    case .mixedTimes:
      return Text("Write all cells of the column alike, or leave it blank.", zh: "整列请用同一种写法，不清楚的可留空。")
    case .tooFewFields:
      return Text("Complete the record; check for a line break within a field.", zh: "请补全记录，并检查字段内是否有换行。")
    case .tooManyFields:
      return Text(
        "Remove the extra fields, or put a field that contains the separator in quotation marks.", zh: "请删去多余字段；字段内含分隔符时请加引号。")
    case .unterminatedQuote:
      return Text("Close it, or remove it; what follows was not read.", zh: "请补上或删去引号；其后内容未读取。")
    case .textAfterQuote:
      return Text("Write a quotation mark within a quoted field twice.", zh: "引号字段内的引号应写两遍。")
    case .fieldTooLong, .recordTooLong:
      return Text("Check for a missing quotation mark or line break.", zh: "请检查是否缺少引号或换行。")
    case .blankName:
      return Text(
        "Fill it in; merged cells keep their text in the first row only: unmerge them and fill down. Delete the row if it is one of totals.",
        zh: "请填写；合并单元格只有首行留有文字，请取消合并并逐行填满；若是汇总行，请删除。")
    case .summary(let role):
      return Text(
        "Delete the row; a \(role.term.en) that really has this name must be given a longer one.",
        zh: "请删除该行；若确有\(role.term.zh)叫此名，请改用全称。")
    case .notANumber:
      return Text(
        "Write digits with a decimal point; leave it blank where no score was given.", zh: "请用数字和小数点书写；没有评分的请留空。")
    case .unknownLabel:
      return Text("Correct it, or put it in its place in --order.", zh: "请改正，或把它按高低写进 --order。")
    case .notFinite:
      return Text("Correct it, or leave it blank where no score was given.", zh: "请改正；没有评分的请留空。")
    case .decimalComma:
      return Text("Write a point, or say --decimal-comma.", zh: "请改用小数点，或加 --decimal-comma。")
    case .decimalPoint:
      return Text("Write a comma, or say --no-decimal-comma.", zh: "请改用逗号，或加 --no-decimal-comma。")
    case .wrongEncoding:
      return Text("Save the file as UTF-8, or say --encoding.", zh: "请将文件另存为 UTF-8，或用 --encoding 说明编码。")
    case .conflict(let owner, _, let role, _, _):
      return Text(
        "Correct one of them, or rename one \(owner.term.en) if there are two; a \(owner.term.en) has one \(role.term.en).",
        zh: "请改正其中之一；若确为两个\(owner.term.zh)，请区分名称。")
    }
  }

  /// `line 7, column 4 “score”`, or an empty text when it has neither.
  public var place: Text {
    var en: [String] = []
    var zh: [String] = []
    if let line {
      en.append("line \(line)")
      zh.append("第 \(line) 行")
    }
    if let column {
      en.append(column.place.en)
      zh.append(column.place.zh)
    }
    return Text(en.joined(separator: ", "), zh: zh.joined(separator: "，"))
  }

  private func list(_ headers: [String], separator: String = ", ") -> String {
    (headers.prefix(12).map { visible($0, limit: 30) } + (headers.count > 12 ? ["…"] : [])).joined(separator: separator)
  }

  private func listZH(_ headers: [String]) -> String { list(headers, separator: "、") }
}

extension ScoreProblem.Column {
  /// `column 4 “score”`
  var place: Text { Text("column \(number) “\(visible(header))”", zh: "第 \(number) 列“\(visible(header))”") }
}

extension ScoreReadingError {
  /// All stored problems, one a line: `file: line 7, column 4 “score”: “x” is not a number. Write digits …`
  public func description(in language: Language) -> String {
    var lines = problems.map { problem in
      let place = problem.place(language)
      let stop = language == .en ? "." : "。"
      let colon = language == .en ? ": " : "："
      var message = problem.message(language)
      // What is written there, where the sentence does not quote it itself.
      if let text = problem.text, !text.isEmpty, !message.contains(text) { message += language == .en ? ": “\(text)”" : "：“\(text)”" }
      return source + colon + (place.isEmpty ? "" : place + colon) + message + stop
        + (language == .en ? " " : "") + problem.remedy(language)
    }
    if total > problems.count {
      lines.append(
        Text("\(source): \(total - problems.count) more problems are not listed", zh: "\(source)：另有 \(total - problems.count) 个问题未列出")(
          language))
    }
    return lines.joined(separator: "\n")
  }
}

extension ScoreReadingError: CustomStringConvertible {
  public var description: String { description(in: .en) }
}
