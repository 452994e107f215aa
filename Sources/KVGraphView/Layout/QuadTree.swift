/// Points with masses, in a tree of squares, so that far ones count as one (Barnes and Hut 1986). The cells stand in preorder in flat
/// arrays, each with the place behind its own, so that a walk needs no stack.
struct QuadTree {
  private struct Cell {
    var x, y, mass: Double
    /// The square of the side.
    var area: Double
    /// Behind this cell and all that is inside.
    var next: Int32
    /// The places of its points, from `first` to `end`.
    var first, end: Int32
    /// Whether no cells are inside.
    var isLeaf = false
  }

  private var cells: [Cell] = []
  /// The points in the order of the squares.
  private(set) var order: [Int32] = []
  private var xs: [Double] = []
  private var ys: [Double] = []
  private var masses: [Double] = []
  private var codes: [UInt64] = []

  private static let leafSize: Int32 = 4
  private static let levels = 16

  /// Cost: n log n in points. Keeps its memory from one call to the next.
  mutating func build(_ x: [Double], _ y: [Double], _ mass: [Double]) {
    let count = x.count
    let (left, bottom) = (x.min() ?? 0, y.min() ?? 0)
    let side = max((x.max() ?? 0) - left, (y.max() ?? 0) - bottom, 1e-9)
    let scale = Double((1 << Self.levels) - 1) / side
    codes.removeAll(keepingCapacity: true)
    for point in 0..<count {
      let column = UInt64((x[point] - left) * scale)
      let row = UInt64((y[point] - bottom) * scale)
      codes.append((Self.spread(column) | Self.spread(row) << 1) << 32 | UInt64(point))
    }
    codes.sort()
    order.removeAll(keepingCapacity: true)
    xs.removeAll(keepingCapacity: true)
    ys.removeAll(keepingCapacity: true)
    masses.removeAll(keepingCapacity: true)
    for code in codes {
      let point = Int(code & 0xFFFF_FFFF)
      order.append(Int32(point))
      xs.append(x[point])
      ys.append(y[point])
      masses.append(mass[point])
    }
    cells.removeAll(keepingCapacity: true)
    if count > 0 { addCell(0, Int32(count), level: 0, side: side) }
  }

  /// Each second bit.
  private static func spread(_ value: UInt64) -> UInt64 {
    var bits = value
    bits = (bits | bits << 8) & 0x00FF_00FF
    bits = (bits | bits << 4) & 0x0F0F_0F0F
    bits = (bits | bits << 2) & 0x3333_3333
    return (bits | bits << 1) & 0x5555_5555
  }

  private mutating func addCell(_ first: Int32, _ end: Int32, level: Int, side: Double) {
    let place = cells.count
    cells.append(Cell(x: 0, y: 0, mass: 0, area: side * side, next: 0, first: first, end: end))
    var (x, y, mass) = (0.0, 0.0, 0.0)
    if end - first <= Self.leafSize || level == Self.levels {
      for point in Int(first)..<Int(end) {
        x += xs[point] * masses[point]
        y += ys[point] * masses[point]
        mass += masses[point]
      }
      cells[place].isLeaf = true
    } else {
      let shift = UInt64(32 + 2 * (Self.levels - 1 - level))
      var start = first
      while start < end {
        let quarter = codes[Int(start)] >> shift
        var stop = start + 1
        while stop < end, codes[Int(stop)] >> shift == quarter { stop += 1 }
        let child = cells.count
        addCell(start, stop, level: level + 1, side: side / 2)
        x += cells[child].x * cells[child].mass
        y += cells[child].y * cells[child].mass
        mass += cells[child].mass
        start = stop
      }
    }
    (cells[place].x, cells[place].y, cells[place].mass) = (x / mass, y / mass, mass)
    cells[place].next = Int32(cells.count)
  }

  /// The push of all other points, each of `mass / distance^1.5`: further off it falls faster than 1 / distance, which would bend the
  /// branches of trees away from each other, and slower than its square, which would fold what is dense. What is seen under an
  /// angle of less than some 45° counts as one.
  /// - Parameter place: in ``order``.
  func repulsion(at place: Int) -> (x: Double, y: Double) {
    let (x, y) = (xs[place], ys[place])
    var force = (x: 0.0, y: 0.0)
    cells.withUnsafeBufferPointer { cells in
      xs.withUnsafeBufferPointer { xs in
        ys.withUnsafeBufferPointer { ys in
          masses.withUnsafeBufferPointer { masses in
            var index = 0
            while index < cells.count {
              let cell = cells[index]
              let (dx, dy) = (x - cell.x, y - cell.y)
              let distance = dx * dx + dy * dy
              // One that the point is in may have its middle far off.
              if cell.area < 0.7 * distance, place < cell.first || place >= cell.end {
                let push = cell.mass / (distance * distance.squareRoot().squareRoot())
                force.x += dx * push
                force.y += dy * push
                index = Int(cell.next)
              } else {
                for other in cell.isLeaf ? Int(cell.first)..<Int(cell.end) : 0..<0 where other != place {
                  let (dx, dy) = (x - xs[other], y - ys[other])
                  // Points in the same place are told apart by their places in the order.
                  let distance = max(dx * dx + dy * dy, 1e-6)
                  let push = masses[other] / (distance * distance.squareRoot().squareRoot())
                  force.x += (dx == 0 && dy == 0 ? (other < place ? 1e-3 : -1e-3) : dx) * push
                  force.y += dy * push
                }
                index += 1
              }
            }
          }
        }
      }
    }
    return force
  }
}
