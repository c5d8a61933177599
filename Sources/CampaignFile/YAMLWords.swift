/// What libyaml says of a text that is no YAML, in Chinese.
enum YAMLWords {
  /// Messages that are not listed stay as they are.
  static func chinese(_ message: String) -> String { known[message] ?? message }

  private static let known = [
    "mapping values are not allowed in this context": "此处不能再写“键: 值”（一行有两个冒号，或上一行缩进有误）",
    "block sequence entries are not allowed in this context": "此处不能写“- ”列表项",
    "mapping keys are not allowed in this context": "此处不能写键",
    "could not find expected ':'": "缺少冒号",
    "did not find expected key": "缩进不一致，或此处应为键",
    "did not find expected '-' indicator": "缩进不一致，或此处应为“- ”列表项",
    "did not find expected ',' or ']'": "缺少逗号或右方括号“]”",
    "did not find expected ',' or '}'": "缺少逗号或右花括号“}”",
    "did not find expected node content": "此处缺少内容",
    "did not find expected <document start>": "文件开头之后有多余的内容",
    "found unexpected end of stream": "引号没有配对，文件已结束",
    "found unexpected document indicator": "引号没有配对，遇到了“---”或“...”",
    "found character that cannot start any token": "此处有不能作为开头的字符（例如制表符、@、`）",
    "found a tab character where an indentation space is expected": "缩进用了制表符，请改用空格",
    "found a tab character that violates indentation": "缩进用了制表符，请改用空格",
    "found unknown escape character": "双引号内有无法识别的转义字符",
    "found undefined alias": "引用了没有定义的锚点",
    "control characters are not allowed": "含有控制字符",
    "did not find expected alphabetic or numeric character": "“*”或“&”之后缺少名称",
  ]
}
