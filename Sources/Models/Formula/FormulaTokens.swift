/// A piece of a formula.
struct FormulaToken: Equatable {
  enum Kind: Equatable {
    case name(String)
    case number(String)
    case sign(Character)
    /// `||`
    case doubleBar
    case end
  }

  var kind: Kind
  var position: Int
}

/// Cuts a formula into tokens. Names begin with a letter of any script, `_` or `.`, and go on with digits too; anything goes between backquotes.
func formulaTokens(_ text: String) throws(FormulaError) -> [FormulaToken] {
  let characters = Array(text)
  var tokens: [FormulaToken] = []
  var i = 0
  while i < characters.count {
    let start = i
    let c = characters[i]
    if c.isWhitespace {
      i += 1
      continue
    }
    if c == "`" {
      guard let end = characters[(i + 1)...].firstIndex(of: "`"), end > i + 1 else {
        throw FormulaError(.notClosed("`"), position: i, formula: text)
      }
      // Names are printed: nothing invisible may stand in them.
      if let hidden = (i + 1..<end).first(where: { !isVisible(characters[$0]) }) {
        throw FormulaError(.unexpected("invisible character"), position: hidden, formula: text)
      }
      tokens.append(FormulaToken(kind: .name(String(characters[(i + 1)..<end])), position: start))
      i = end + 1
    } else if c.isLetter || c == "_" || c == "." {
      while i < characters.count, characters[i].isLetter || characters[i].isNumber || characters[i] == "_" || characters[i] == "." {
        i += 1
      }
      tokens.append(FormulaToken(kind: .name(String(characters[start..<i])), position: start))
    } else if c.isNumber {
      while i < characters.count, characters[i].isNumber || characters[i] == "." { i += 1 }
      tokens.append(FormulaToken(kind: .number(String(characters[start..<i])), position: start))
    } else if c == "|", i + 1 < characters.count, characters[i + 1] == "|" {
      tokens.append(FormulaToken(kind: .doubleBar, position: start))
      i += 2
    } else if let plain = formulaSigns[c] {
      tokens.append(FormulaToken(kind: .sign(plain), position: start))
      i += 1
    } else {
      throw FormulaError(.unexpected(String(c)), position: i, formula: text)
    }
  }
  tokens.append(FormulaToken(kind: .end, position: characters.count))
  return tokens
}

private func isVisible(_ character: Character) -> Bool {
  character.unicodeScalars.allSatisfy { scalar in
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
    default: true
    }
  }
}

/// The signs of the notation; the wide forms are what a Chinese keyboard gives.
private let formulaSigns: [Character: Character] = [
  "~": "~", "+": "+", "-": "-", "*": "*", ":": ":", "/": "/", "|": "|", "(": "(", ")": ")", ",": ",",
  "～": "~", "＋": "+", "－": "-", "＊": "*", "：": ":", "／": "/", "｜": "|", "（": "(", "）": ")", "，": ",",
]
