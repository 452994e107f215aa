import Foundation
import KV
import Testing

struct JSONValueTests {
  @Test func literalsAreValues() {
    let value: JSON = ["name": "Ann", "age": 41, "height": 1.75, "tags": ["a", 2, true, .null]]
    #expect(value.text == #"{"name":"Ann","age":41,"height":1.75,"tags":["a",2,true,null]}"#)
    #expect(value["age"]?.integer == 41 && value["height"]?.double == 1.75)
    #expect(value["tags"]?[1]?.integer == 2 && value["tags"]?[2]?.boolean == true)
    #expect(value["tags"]?[4] == nil && value["tags"]?[-1] == nil && value["name"]?[0] == nil)
  }

  @Test("a value is of one kind only", arguments: ["1.5", "1e400", "\"1\"", "true", "null", "[]", "{}"])
  func kinds(_ text: String) throws {
    let value = try JSON(parsing: text)
    #expect(value.integer == nil)
    #expect(value.double == (text == "1.5" ? 1.5 : nil))
    #expect(value.boolean == (text == "true" ? true : nil))
  }

  @Test("what Foundation encodes it decodes as the same value")
  func codable() throws {
    struct Box: Codable, Equatable { var value: JSON }
    for text in [
      #"{"b":[1,-2.5,"x",{"c":null}],"a":true}"#, "[]", "0", "\"é\"", "false", "9007199254740993",
    ] {
      let box = Box(value: try JSON(parsing: text))
      let decoded = try JSONDecoder().decode(Box.self, from: JSONEncoder().encode(box))
      let names = { (value: JSON) in value.members?.map(\.name).sorted() }
      #expect(names(decoded.value) == names(box.value))
      for name in names(box.value) ?? [] { #expect(decoded.value[name] == box.value[name]) }
      if box.value.kind != .object { #expect(decoded == box) }
    }
    #expect(throws: EncodingError.self) { try JSONEncoder().encode(Box(value: JSON(parsing: "1e400"))) }
  }
}
