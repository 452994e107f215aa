import KV

/// A state machine that keeps its state and its events in one transaction: neither is ever there without the other.
struct Door: Codable, Sendable {
  enum Event: String, Codable, Sendable {
    case opened, closed
  }

  struct IsAlready: Error {
    var event: Event
  }

  var isOpen = false

  mutating func handle(_ event: Event) throws {
    guard isOpen != (event == .opened) else { throw IsAlready(event: event) }
    isOpen = event == .opened
  }
}

/// Applies an event to the stored door. A conflict means that somebody else was faster: read again, and decide again.
func apply(_ event: Door.Event, toDoor id: String, in store: some Store) async throws {
  let record = try await store.get("door/\(id)")
  var door = try record?.decoded(as: Door.self) ?? Door()
  try door.handle(event)
  let version = record?.version ?? 0
  _ = try await store.mutate([
    .put(key: "door/\(id)", encoding: door, expecting: Expectation(version: version)),
    .put(key: "door/\(id)/events/\(version + 1)", encoding: event, expecting: .absent),
  ])
}

func useDoor(in store: some Store) async throws {
  for event in [Door.Event.opened, .closed, .closed] {
    do {
      try await apply(event, toDoor: "front", in: store)
      print("the door is \(event)")
    } catch let error as Door.IsAlready {
      print("the door is \(error.event) already")
    }
  }
  let events = try await store.getPrefix("door/front/events/")
  print("events: \(events.map(\.value.text).joined(separator: ", "))")
}
