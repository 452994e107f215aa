/// What the variables of a group stood for each time that it was walked. Walks that begin alike share their beginnings.
///
/// Only the query's own task reads and takes it apart.
final class GroupValues {
  private let values: [Value]
  private var before: GroupValues?

  /// - Parameter values: in the order of the group's variables.
  init(_ values: [Value], after before: GroupValues?) { (self.values, self.before) = (values, before) }

  /// One after the other: a group may be walked more often than calls can be deep.
  deinit {
    var next = before
    before = nil
    while isKnownUniquelyReferenced(&next) {
      let following = next?.before
      next?.before = nil
      next = following
    }
  }

  /// Time by time, the first first.
  var inOrder: [[Value]] {
    var times: [[Value]] = []
    var link: GroupValues? = self
    while let time = link {
      times.append(time.values)
      link = time.before
    }
    return times.reversed()
  }
}
