import KV
import Testing

/// What leads from a picture to the web, and diagrams inside of Markdown.
extension CommandTests {
  @Test func aDiagramInAMarkdownFileIsKeptCurrent() async throws {
    try await social()
    let outcome = try await script(
      #"""
      printf 'before\r\n  <!-- kv:begin -->\r\nold\r\n<!-- kv:end -->\t\r\nafter' > crlf.md
      $kv graph view --into crlf.md; grep -c $'\r' crlf.md; grep -c mermaid crlf.md; tail -1 crlf.md; echo
      touch -d 2020-01-01 crlf.md; $kv graph view --into crlf.md; stat -c %y crlf.md | cut -c1-4
      printf '<!-- kv:begin a -->\n<!-- kv:end a -->\n<!-- kv:begin b -->\nkept\n<!-- kv:end b -->\n' > two.md
      $kv graph view User alice --into two.md#a > /dev/null; grep -c kept two.md; grep -c 'User:alice' two.md
      $kv graph view --into two.md; echo $?; $kv graph view --into none.md; echo $?
      printf '<!-- kv:end -->\n<!-- kv:begin -->\n' > turned.md; $kv graph view --into turned.md; echo $?; cat turned.md
      printf '<!-- kv:begin -->\n<!-- kv:begin -->\n<!-- kv:end -->' > twice.md; $kv graph view --into twice.md; echo $?
      $kv graph view --into crlf.md -o x.svg; echo $?; $kv graph view --into crlf.md --format svg; echo $?
      $kv graph view -o plain.md; head -1 plain.md; tail -1 plain.md
      $kv graph find-path User alice Post 3 --into two.md#b > /dev/null; grep -c 'stroke-width:3px' two.md
      """#)
    #expect(
      outcome.output
        == "24\n1\nafter\n2020\n1\n1\n65\n1\n65\n<!-- kv:end -->\n<!-- kv:begin -->\n65\n64\n64\n```mermaid\n```\n2\n",
      "\(outcome)")
    #expect(
      outcome.error.contains("kv: two.md has no lines <!-- kv:begin --> and, below it, <!-- kv:end -->"))
    #expect(outcome.error.contains("kv: twice.md has the line <!-- kv:begin --> 2 times"))
  }

  @Test func nodesLeadToAddressesOnTheWebAndToNothingElse() async throws {
    try await kv("init")
    let addresses = [
      "https://ex.org/a b\"<x>'?q=1&r=$$#f;`|{}\\", "javascript:alert(1)", "data:text/html,x",
      "HTTP://x/\u{e4}", "//x", "",
      "mailto:a@b", " https://x",
    ]
    for (number, address) in addresses.enumerated() {
      let record = "{\"home\":\(JSON(address).text)}"
      #expect(try await kv("graph", "add-node", "N", "\(number)", record).status == 0)
    }
    try await kv("graph", "add-edge", "N:0", "N:1", "t")
    let mermaid = try await kv("graph", "view", "--link", "home", "--format", "mermaid").output
    let links = mermaid.split(separator: "\n").filter { $0.hasPrefix("  click ") }
    #expect(
      links == [
        "  click n1 href \"https://ex.org/a%20b%22%3Cx%3E%27?q=1&r=%24%24#f%3B%60%7C%7B%7D%5C\" _blank",
        "  click n4 href \"HTTP://x/%C3%A4\" _blank", "  click n7 href \"mailto:a@b\" _blank",
      ], "\(links)")
    let svg = try await kv("graph", "view", "--link", "home", "--format", "svg").output
    #expect(
      svg.ranges(of: "<a xlink:href=").count == 3 && svg.ranges(of: "target=\"_blank\"><title>").count == 3)
    #expect(try await kv("graph", "view", "--link", "hoem", "--format", "svg").error.contains("hoem"))
  }
}
