/// The completion script for bash, which takes a colon for the end of a word, where `Type:id` is one.
enum BashCompletion {
  /// The script with words joined again before the command is asked, and what bash has already taken off its answers; other texts as they are.
  static func joiningWords(in script: String) -> String {
    guard script.hasSuffix(registration + "\n") || script.hasSuffix(registration) else { return script }
    return script.replacing(registration, with: wholeWords)
  }

  private static let registration = "complete -o filenames -F _kv kv"

  private static let wholeWords = #"""
    __kv_whole_words() {
        local -a whole=()
        local -i index current=0
        local joins=false
        for index in "${!COMP_WORDS[@]}"; do
            local word="${COMP_WORDS[index]}"
            if [[ "${index}" -gt 1 && ("${word}" = :* || "${joins}" = true) && "${COMP_LINE}" = *"${whole[-1]}${word}"* ]]; then
                whole[-1]+="${word}"
            else
                whole+=("${word}")
            fi
            joins=false
            [[ "${word}" = *: ]] && joins=true
            [[ "${index}" -eq "${COMP_CWORD}" ]] && current=$((${#whole[@]} - 1))
        done
        if [[ "${current}" -eq "${COMP_CWORD}" ]]; then
            _kv "${@}"
            return
        fi
        local typed="${whole[current]}"
        local -a COMP_WORDS=("${whole[@]}")
        local -i COMP_CWORD="${current}"
        _kv "${1}" "${typed}" "${whole[current - 1]}"
        # bash replaces only what stands behind the last colon.
        COMPREPLY=("${COMPREPLY[@]#"${typed%"${2}"}"}")
    }

    complete -o filenames -F __kv_whole_words kv
    """#
}
