extension String {
  /// As text or an attribute's value in XML and HTML. Tabs and line breaks are escaped too: a reader makes spaces of them in
  /// attributes, and a newline of a carriage return.
  package var xmlEscaped: String {
    unicodeScalars.reduce(into: "") { escaped, scalar in
      switch scalar {
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "&": escaped += "&amp;"
      case "\"": escaped += "&quot;"
      case "\t", "\n", "\r": escaped += "&#\(scalar.value);"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
  }
}
