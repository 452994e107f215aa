import KV

extension NodeReference: Codable {
  /// Decodes `{"type":…,"id":…}`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Member.self)
    self.init(
      type: try container.decode(String.self, forKey: .type),
      id: try container.decode(String.self, forKey: .id))
  }

  /// Encodes `{"type":…,"id":…}`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Member.self)
    try container.encode(type, forKey: .type)
    try container.encode(id, forKey: .id)
  }

  private enum Member: CodingKey { case type, id }
}

extension Node: Codable {
  /// Decodes `{"type":…,"id":…,"attributes":…}`, the last as ``value``, which may be missing.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Member.self)
    self.init(
      try NodeReference(from: decoder),
      value: container.contains(.attributes) ? try container.decode(JSON.self, forKey: .attributes) : nil)
  }

  /// Encodes `{"type":…,"id":…,"attributes":…}`.
  public func encode(to encoder: any Encoder) throws {
    try reference.encode(to: encoder)
    var container = encoder.container(keyedBy: Member.self)
    try container.encodeIfPresent(value, forKey: .attributes)
  }

  private enum Member: CodingKey { case attributes }
}

extension Edge: Codable {
  /// Decodes what ``json`` is: `{"data":…,"from":…,"key":…,"to":…,"type":…}`, without data and key where there are none.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Member.self)
    self.init(
      from: try container.decode(NodeReference.self, forKey: .from),
      to: try container.decode(NodeReference.self, forKey: .to),
      type: try container.decode(String.self, forKey: .type),
      parallelKey: try container.decodeIfPresent(String.self, forKey: .key),
      data: container.contains(.data) ? try container.decode(JSON.self, forKey: .data) : nil)
  }

  /// Encodes what ``json`` is.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Member.self)
    try container.encodeIfPresent(data, forKey: .data)
    try container.encode(from, forKey: .from)
    try container.encodeIfPresent(parallelKey, forKey: .key)
    try container.encode(to, forKey: .to)
    try container.encode(type, forKey: .type)
  }

  private enum Member: CodingKey { case data, from, key, to, type }
}
