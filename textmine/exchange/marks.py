r"""Facts in a description, for people to read and for us to read back: `Nyckel: värde` a line.

Other programs show descriptions as memos and hand them on as they are. Within a value a line break
is written `\n`, a backslash `\\`, and a character that XML does not allow `\u0007`.
"""

import re
from collections.abc import Iterable

_UNSAFE = re.compile("[\\\\\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_ESCAPED = re.compile(r"\\(\\|n|u[0-9a-f]{4})")

Facts = list[tuple[str, str]]


def write_facts(facts: Iterable[tuple[str, str]]) -> str:
    """Write facts, one a line, in their order; a key may recur."""
    return "\n".join(f"{_escape_key(key)}: {escape(value)}" for key, value in facts)


def read_facts(text: str) -> Facts:
    """Read the lines that hold facts; others are left out."""
    found = []
    for line in _lines(text):
        key, colon, value = line.partition(":")
        if colon and key.strip():
            found.append((unescape(key.strip()), unescape(value.removeprefix(" "))))
    return found


def write_described(text: str, facts: Iterable[tuple[str, str]]) -> str:
    """Write a text (a definition, say), and facts below it."""
    return "\n\n".join(part for part in (escape(text), write_facts(facts)) if part)


def read_described(description: str, key: str) -> tuple[str, Facts]:
    """Tell a text from the facts below it.

    Parameters
    ----------
    key
        Of a fact that is among them if we wrote the description; without it all is text.
    """
    lines = _lines(description)
    blank = lines.index("") if "" in lines else -1
    facts = read_facts("\n".join(lines[blank + 1 :]))
    if key not in dict(facts):
        return description.strip(), []
    return unescape("\n".join(lines[: max(blank, 0)])), facts


def several(facts: Facts, key: str) -> tuple[str, ...]:
    """All values of a key that recurs."""
    return tuple(value for name, value in facts if name == key)


def escape(text: str) -> str:
    """Write a text in one line that XML can hold."""
    return _UNSAFE.sub(_escaped, text)


def unescape(text: str) -> str:
    """Undo `escape`."""
    return _ESCAPED.sub(_plain, text)


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _escape_key(key: str) -> str:
    return escape(key).replace(":", "\\u003a")


def _escaped(match: re.Match[str]) -> str:
    sign = match.group()
    return {"\\": "\\\\", "\n": "\\n"}.get(sign) or f"\\u{ord(sign):04x}"


def _plain(match: re.Match[str]) -> str:
    sign = match.group(1)
    return {"\\": "\\", "n": "\n"}.get(sign) or chr(int(sign[1:], 16))
