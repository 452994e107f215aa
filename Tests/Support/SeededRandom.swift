/// SplitMix64 from a seed that a failing test prints.
public struct SeededRandom: RandomNumberGenerator {
  public let seed: UInt64
  private var state: UInt64

  public init(seed: UInt64 = .random(in: 0 ..< .max)) {
    self.seed = seed
    state = seed
  }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// Hostile characters more often than chance, any scalar otherwise.
  public mutating func text(upTo length: Int) -> String {
    let hostile = Array(
      "\"\\/&;<>|[]{}#%`:*\n\t\r\u{0}\u{7F}\u{85}\u{202E}\u{FFFE}é e\u{301}👩‍👩‍👧end--->".unicodeScalars)
    var text = String.UnicodeScalarView()
    for _ in 0..<Int.random(in: 1...length, using: &self) {
      let any = Unicode.Scalar(UInt32.random(in: 0...0x10FFFF, using: &self)) ?? "x"
      text.append(Bool.random(using: &self) ? hostile.randomElement(using: &self) ?? "x" : any)
    }
    return String(text)
  }
}
