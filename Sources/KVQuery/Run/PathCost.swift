import KVGraph

/// What a path costs: an integer as long as it is a sum of integers.
struct PathCost: Comparable {
  private(set) var sum = Weight(0)
  private(set) var isFloat = false

  /// Nothing.
  init() {}

  init(_ cost: Int) { sum = Weight(whole: cost) }
  init(_ cost: Double) { (sum, isFloat) = (Weight(cost), true) }

  static func + (left: PathCost, right: PathCost) -> PathCost {
    var cost = left
    cost.sum = left.sum + right.sum
    cost.isFloat = left.isFloat || right.isFloat
    return cost
  }

  static func == (left: PathCost, right: PathCost) -> Bool { left.sum == right.sum }
  static func < (left: PathCost, right: PathCost) -> Bool { left.sum < right.sum }
}
