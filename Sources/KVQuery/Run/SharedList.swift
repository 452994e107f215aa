/// A list that shares its beginning with others that begin alike: its last element, and the list before that.
///
/// Only the query's own task reads and takes it apart.
final class SharedList<Element> {
  let last: Element
  private(set) var before: SharedList?

  init(_ last: Element, after before: SharedList?) { (self.last, self.before) = (last, before) }

  /// One after the other: a list may be longer than calls can be deep.
  deinit {
    var next = before
    before = nil
    while isKnownUniquelyReferenced(&next) {
      let following = next?.before
      next?.before = nil
      next = following
    }
  }

  /// The first element first.
  var elements: [Element] {
    var elements: [Element] = []
    var list: SharedList? = self
    while let link = list {
      elements.append(link.last)
      list = link.before
    }
    return elements.reversed()
  }
}
