/// Connected components of the bipartite graph of raters and units, by union–find with path halving.
struct Components {
  var ofUnit: [Int]
  var ofRater: [Int]
  var sizes: [Design.Component] = []

  /// `isUsed` says which sheets count; components are numbered by their first unit, raters without a sheet come last.
  init(units: Int, raters: Int, sheets: SheetColumns, isUsed: (Int) -> Bool = { _ in true }) {
    var forest = UnionFind(units + raters)
    for s in sheets.unit.indices where isUsed(s) { forest.join(Int(sheets.unit[s]), units + Int(sheets.rater[s])) }
    var number = [Int](repeating: -1, count: units + raters)
    ofUnit = []
    ofRater = []
    for node in 0..<(units + raters) {
      let root = forest.root(node)
      if number[root] < 0 {
        number[root] = sizes.count
        sizes.append(Design.Component(units: 0, raters: 0, sheets: 0))
      }
      let component = number[root]
      if node < units {
        ofUnit.append(component)
        sizes[component].units += 1
      } else {
        ofRater.append(component)
        sizes[component].raters += 1
      }
    }
    for s in sheets.unit.indices where isUsed(s) { sizes[ofUnit[Int(sheets.unit[s])]].sheets += 1 }
  }
}
