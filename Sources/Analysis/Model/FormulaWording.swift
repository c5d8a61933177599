public import Models
public import Wording

extension FormulaError {
  /// What is wrong, where, and what to do.
  public var text: Text {
    let place = Text("formula “\(formula)”, character \(position + 1): ", zh: "公式“\(formula)”第 \(position + 1) 个字符：")
    let reason = reason.text
    return Text(place.en + reason.en, zh: place.zh + reason.zh)
  }
}

extension FormulaError.Reason {
  var text: Text {
    switch self {
    case .noResponse:
      Text(
        "a formula begins with the column to be explained and “~”, as in score ~ criterion + (1|unit).",
        zh: "公式须以被解释的列和“~”开头，例如 score ~ criterion + (1|unit)。")
    case .unexpected(let sign):
      Text(
        "“\(sign)” is not expected here. Put + between terms; a name with blanks or signs goes between backquotes.",
        zh: "此处不应出现“\(sign)”。各项之间用 + 连接；含空格或符号的列名请放在反引号 ` 之间。")
    case .unfinished: Text("something is missing at the end: a column or a term.", zh: "公式没有写完，末尾缺少列名或项。")
    case .notClosed(let sign): Text("this “\(sign)” is not closed.", zh: "这个“\(sign)”没有配对。")
    case .number(let digits):
      Text(
        "the number \(digits) means nothing here: only 1 (an intercept) and 0 (none) do.", zh: "此处的数字 \(digits) 没有意义：只能用 1（有截距）或 0（无截距）。")
    case .unknownFunction(let name):
      Text(
        "there is no function “\(name)”; there are factor(x), same(a, b) and log(x). Compute other columns in the table first.",
        zh: "没有函数“\(name)”；可用的有 factor(x)、same(a, b)、log(x)。其他变换请先在表格中算好。")
    case .arguments(let function, let expected):
      Text("\(function) takes \(expected == 1 ? "one column" : "two columns").", zh: "\(function) 需要 \(expected) 个列名。")
    case .barOutside:
      Text("a random term goes between parentheses, as in (1 | unit).", zh: "随机项须写在括号内，例如 (1 | unit)。")
    case .group:
      Text(
        "behind the bar goes one grouping factor: g, g:h or g/h. For two factors write two terms, (1|g) + (1|h).",
        zh: "竖线之后只能写一个分组因子：g、g:h 或 g/h。两个因子请写成两项：(1|g) + (1|h)。")
    case .subtraction: Text("a random term cannot be taken away; leave it out.", zh: "随机项不能用减号去掉，不写即可。")
    case .emptyTerm:
      Text("nothing varies in this term: write (1 | g) for an intercept, (x | g) for a slope.", zh: "这一项没有内容：截距写 (1 | g)，斜率写 (x | g)。")
    case .tooLarge:
      Text("the formula becomes too large here. Write the terms that matter with + and :.", zh: "公式到此处过大。请用 + 和 : 只写出需要的项。")
    case .responseOnBothSides: Text("the column to be explained cannot explain itself.", zh: "被解释的列不能同时作为解释变量。")
    }
  }
}

extension ModelFrameError {
  public var text: Text {
    switch self {
    case .unknownColumn(let name, let known):
      Text(
        "there is no column “\(name)”. The columns are: \(known.joined(separator: ", ")).",
        zh: "没有列“\(name)”。表中的列有：\(known.joined(separator: "、"))。")
    case .notNumbers(let name):
      Text(
        "column “\(name)” holds names, and numbers are needed there. Check its fields, or name another column.",
        zh: "列“\(name)”存放的是名称，而此处需要数字。请检查该列内容，或改用其他列。")
    case .notFactor(let name):
      Text("same(a, b) compares names, and column “\(name)” holds numbers.", zh: "same(a, b) 比较的是名称，而列“\(name)”是数字。")
    case .logarithm(let column, _):
      Text(
        "log(\(column)) needs values above zero, and the column has others. Leave the logarithm out or correct the column.",
        zh: "log(\(column)) 要求数值大于零，而该列有不大于零的值。请去掉对数或更正该列。")
    case .noRows(let columns):
      Text(
        "no row has all of these: \(columns.joined(separator: ", ")). Leave out the column that is mostly blank.",
        zh: "没有一行同时具有以下各列：\(columns.joined(separator: "、"))。请去掉大部分为空的列。")
    case .asManyEffectsAsObservations(let term, let effects, let observations):
      Text(
        "\(term) has \(effects) effects for \(observations) observations, so that it cannot be told from the residual. Leave it out.",
        zh: "\(term) 有 \(effects) 个效应，而观测只有 \(observations) 个，无法与残差区分。请去掉这一项。")
    case .oneLevel(let name):
      Text("“\(name)” has one level only, and no variance can be seen. Leave its term out.", zh: "“\(name)”只有一个水平，无法估计方差。请去掉这一项。")
    case .dependentColumn(let term, let column):
      Text(
        "in \(term) the column \(column) follows from the columns before it, so that their effects cannot be told apart. Leave it out.",
        zh: "\(term) 中的 \(column) 可由前面各列推出，它们的效应无法区分。请去掉它。")
    case .zeroColumn(let term, let column):
      Text("in \(term) the column \(column) is zero in every row. Leave it out.", zh: "\(term) 中的 \(column) 在所有行都为零。请去掉它。")
    case .tooManyFixedColumns(let count, let limit):
      Text(
        "the fixed part has \(count) columns, and \(limit) is the limit. A column of many names belongs in a random term, (1 | name).",
        zh: "固定部分有 \(count) 列，上限为 \(limit)。名称很多的列应放入随机项，如 (1 | 列名)。")
    }
  }
}

extension MixedModelError {
  public var text: Text {
    switch self {
    case .tooFewObservations(let observations, let fixed):
      Text(
        "there are \(observations) observations for \(fixed) fixed effects; more are needed. Take terms out of the formula.",
        zh: "观测有 \(observations) 个，固定效应有 \(fixed) 个，观测不够。请减少公式中的项。")
    case .wrongLength(let name, _, _), .codeOutOfRange(let name, _), .unknownName(let name):
      Text("“\(name)” does not fit the other columns.", zh: "“\(name)”与其他列不一致。")
    case .notUsable(let name, _): Text("“\(name)” has values that are no finite numbers.", zh: "“\(name)”中有不是有限数值的内容。")
    case .dependentFixedColumn(let name):
      Text("the column \(name) follows from the others. Leave it out.", zh: "\(name) 可由其他列推出，请去掉。")
    case .componentsNotIdentifiable(let names):
      Text(
        "the design cannot tell these variances apart: \(names.joined(separator: ", ")). Leave one of the terms out.",
        zh: "按现有评分安排，以下方差无法区分：\(names.joined(separator: "、"))。请去掉其中一项。")
    case .noVariation:
      Text("the scores do not vary beyond the fixed effects; there is nothing to divide.", zh: "除固定效应外得分没有差异，无从分解方差。")
    case .notConverged(let account):
      Text(
        "the search for the variances did not converge: after \(account.steps) steps one would still change by \(account.lastRelativeStep) of itself. The numbers would not be trustworthy. Simplify the formula, or rescale its columns.",
        zh: "方差的迭代没有收敛：\(account.steps) 步之后仍有方差相对变化 \(account.lastRelativeStep)，结果不可信。请简化公式或调整各列的量纲。")
    case .tooManyEffects(let kept, let limit):
      Text(
        "\(kept) random effects would have to be kept in a dense matrix, and \(limit) is the limit. Random intercepts alone, (1 | g), have no such limit.",
        zh: "需在稠密矩阵中保留 \(kept) 个随机效应，上限为 \(limit)。只用随机截距 (1 | g) 则没有这一限制。")
    case .residualNotConverged(let iterations, _):
      Text(
        "the residual variances did not settle within \(iterations) refits. A level with few scores can do this: try shrunken: instead of by:.",
        zh: "残差方差在 \(iterations) 次重新拟合后仍未稳定。某个水平评分过少时会这样：请将 by: 改为 shrunken:。")
    case .illConditioned:
      Text(
        "the equations cannot be solved to any accuracy. Look for columns that are nearly copies of each other, or of very different size.",
        zh: "方程无法以可靠的精度求解。请检查是否有几乎相同的列，或量级相差悬殊的列。")
    }
  }
}

extension InferenceError {
  public var text: Text {
    switch self {
    case .notExact:
      Text(
        "with so many crossed effects the likelihood is estimated with random probes, so there are no profiles, degrees of freedom or likelihood-ratio tests; --exact computes them, for up to \(CrossedModel.largestDense) levels in time that grows with their cube",
        zh: "交叉效应很多，似然用随机探针近似估计，因此不提供剖面区间、自由度和似然比检验；加 --exact 可精确计算（最多 \(CrossedModel.largestDense) 个水平，耗时与水平数的立方成正比）")
    case .tooManyEffects(let count, let limit):
      Text(
        "Kenward and Roger's method works on dense matrices of all \(count) random effects, and \(limit) is the limit",
        zh: "Kenward–Roger 方法需要全部 \(count) 个随机效应的稠密矩阵，上限为 \(limit)")
    case .fit(let error): Text("a refit failed: \(error.text.en)", zh: "重新拟合失败：\(error.text.zh)")
    case .differentData:
      Text(
        "the two formulas use different rows or another response; compare models of the same column and rows only",
        zh: "两个公式使用的行或被解释的列不同；只能比较同一列、同样行数的模型")
    case .singularInformation:
      Text("the information about the variances is singular", zh: "方差的信息矩阵是奇异的")
    }
  }
}
