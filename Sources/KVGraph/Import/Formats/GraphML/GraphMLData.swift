/// A `data` or a `default` of a GraphML document that has begun.
struct GraphMLData {
  enum Place { case element, graph, `default` }

  let key: Int
  let place: Place
  /// Whether it says that white space is to be kept, as yEd's do.
  let isSpace: Bool
  /// Whether it says that it is JSON, whatever its key is.
  let isJSON: Bool
  /// What came before and between the elements in it.
  private(set) var text: [UInt8] = []
  /// How deep inside of its elements.
  var depth = 0
  private var hasElements = false
  /// Whether there is something in its elements.
  private(set) var hasContent = false

  init(key: Int, place: Place, isSpace: Bool, isJSON: Bool = false) {
    (self.key, self.place, self.isSpace, self.isJSON) = (key, place, isSpace, isJSON)
  }

  /// - Parameter text: what stood before the element that begins.
  mutating func begin(text: ArraySlice<UInt8>, hasAttributes: Bool) {
    if depth == 0 { self.text += text }
    hasElements = true
    hasContent = hasContent || depth > 0 || hasAttributes
  }

  /// White space around elements is none, nor is what yEd writes for attributes that are not set.
  func isData(_ text: ArraySlice<UInt8>, _ key: DeclaredAttributes.Key) -> Bool {
    (key.isDrawing || hasElements) ? !text.isWhitespace : !(isSpace && text.isEmpty)
  }
}
