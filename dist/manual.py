"""Writes the manual, a page a group of commands, from what the program prints of itself (--experimental-dump-help, on standard input).

Usage: manual.py VERSION FOLDER"""

import json
import pathlib
import sys


def text(words):
    """As roff reads plain text."""
    lines = []
    for line in words.replace("\\", "\\e").replace("-", "\\-").split("\n"):
        lines.append("\\&" + line if line[:1] in (".", "'") else line)
    return "\n".join(lines)


def spelling(argument):
    names = [("-" if name["kind"] == "short" else "--") + name["name"] for name in argument.get("names", [])]
    value = argument.get("valueName", "")
    if argument["kind"] == "positional":
        return f"\\fI{text(value)}\\fR"
    shown = ", ".join(f"\\fB{text(name)}\\fR" for name in names)
    return shown + (f" \\fI{text(value)}\\fR" if argument["kind"] == "option" else "")


def spelled_version(argument):
    return any(name["name"] == "version" for name in argument.get("names", []))


def arguments(command):
    out = []
    shown = [one for one in command.get("arguments", []) if one.get("shouldDisplay", True)]
    # Where a record's version is asked for by that name, the program's is not.
    if any(spelled_version(one) and one["kind"] == "option" for one in shown):
        shown = [one for one in shown if one["kind"] == "option" or not spelled_version(one)]
    # The database's options, which all commands have, come last.
    shown.sort(key=lambda one: one.get("sectionTitle") == "Database")
    for one in shown:
        words = [one.get("abstract", "")]
        if one.get("allValues") and one["kind"] != "flag":
            words.append("One of " + ", ".join(one["allValues"]) + ".")
        if one.get("defaultValue"):
            words.append(f"Default: {one['defaultValue']}.")
        out += [".TP", spelling(one), text(" ".join(word for word in words if word))]
    return out


def described(command, path):
    out = [text(command.get("abstract", "")), ".PP"]
    discussion = command.get("discussion", "")
    plain, _, rest = discussion.partition("EXAMPLE\n")
    example, _, status = rest.partition("EXIT STATUS\n")
    if command.get("aliases"):
        out += ["Also called " + ", ".join(f"\\fB{text(name)}\\fR" for name in command["aliases"]) + ".", ".PP"]
    if plain.strip():
        out += [".nf" if "\n  " in plain else "", text(plain.strip()), ".fi" if "\n  " in plain else "", ".PP"]
    out += arguments(command)
    if example.strip():
        out += [".PP", "Example:", ".PP", ".nf", ".RS", text(example.rstrip()), ".RE", ".fi"]
    if status.strip():
        out += [".SH EXIT STATUS", text(status.strip())]
    return [line for line in out if line]


def children(command):
    return [one for one in command.get("subcommands", []) if one["commandName"] != "help" and one.get("shouldDisplay", True)]


def page(command, path, version):
    name = "-".join(path)
    out = [
        f'.TH {name.upper()} 1 "" "kv {version}" "kv"',
        ".SH NAME", text(f"{name} - {command.get('abstract', '').rstrip('.')}"),
        ".SH SYNOPSIS", f"\\fB{text(' '.join(path))}\\fR [\\fIcommand\\fR] [\\fIoptions\\fR] [\\fIarguments\\fR]",
        ".SH DESCRIPTION",
    ]
    out += described({**command, "abstract": ""}, path)
    leaves = [one for one in children(command) if not children(one)]
    if leaves:
        out.append(".SH COMMANDS")
    for one in leaves:
        out += [f".SS {text(' '.join(path + [one['commandName']]))}"] + described(one, path)
    groups = [one for one in children(command) if children(one)]
    if groups:
        out += [".SH SEE ALSO", ", ".join(f"\\fB{text('-'.join(path + [one['commandName']]))}\\fR(1)" for one in groups)]
    elif len(path) > 1:
        out += [".SH SEE ALSO", "\\fBkv\\fR(1)"]
    return "\n".join(out) + "\n"


def write(command, path, version, folder):
    (folder / ("-".join(path) + ".1")).write_text(page(command, path, version))
    for one in children(command):
        if children(one):
            write(one, path + [one["commandName"]], version, folder)


help = json.load(sys.stdin)
write(help["command"], ["kv"], sys.argv[1], pathlib.Path(sys.argv[2]))
