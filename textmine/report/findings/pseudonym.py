"""A respondent's own name in what is quoted: `i Ale kommun` becomes `i [kommunen]`.

Names of others stay: of a neighbouring municipality, a place, or a hospital. They may tell a
reader who speaks, so statements with the name of any respondent are quoted only when there are no
others (`typical`).
"""

import re
from collections.abc import Iterable
from functools import lru_cache

_KINDS = {"region": "regionen", "kommun": "kommunen", "lan": "länet"}
_KIND_WORDS = r"(?:region(?:en|ens|s)?|kommun(?:en|ens|s)?|stad(?:en|ens|s)?|län(?:et|ets|s)?)"
_IN_NAME = re.compile(rf"\b{_KIND_WORDS}\b", re.IGNORECASE)
_TAIL = re.compile(r"(?:s?regionen|slän|skommun)$")
_COMPOUND = 5  # letters of a name from which words that begin with it are taken for its compounds


def pseudonymise(text: str, respondent: str, actor: str) -> str:
    """Replace a respondent's name, also bare, in the genitive, and in compounds.

    Parameters
    ----------
    actor
        Kind of the respondent; unknown ones become `[respondenten]`.
    """
    pattern = _own_name(respondent)
    if pattern is None:
        return text
    kind = _KINDS.get(actor, "respondenten")

    def other(found: re.Match[str]) -> str:
        rest = found["rest"] or ""
        if found["genitive"] or (rest == "s"):
            return f"[{kind}s]"
        return f"[{kind}]-{rest.removeprefix('s')}" if rest else f"[{kind}]"

    return pattern.sub(other, text)


def names_in(respondents: Iterable[str]) -> re.Pattern[str]:
    """A pattern that finds any of several respondents' names."""
    cores = sorted({core for name in respondents for core in _cores(name)}, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, cores)) or '(?!)'})s?\b")


@lru_cache(maxsize=2048)
def _own_name(respondent: str) -> re.Pattern[str] | None:
    cores = _cores(respondent)
    if not cores:
        return None
    name = "|".join(re.escape(core) for core in sorted(cores, key=len, reverse=True))
    compound = r"s?\w*" if min(map(len, cores)) >= _COMPOUND else r"s?"
    whole = "|".join(re.escape(part) for part in (respondent,) if part)
    return re.compile(
        rf"\b(?:(?:{whole})(?P<genitive>s)?(?!\w)"
        rf"|(?:{_KIND_WORDS}\s+)?(?:{name})(?P<rest>{compound})"
        rf"(?:\s+{_KIND_WORDS})?(?!\w))"
    )


@lru_cache(maxsize=2048)
def _cores(respondent: str) -> tuple[str, ...]:
    """The place in a name, with and without an s: `Flens kommun` → `Flens`, `Flen`."""
    rest = " ".join(_IN_NAME.sub(" ", respondent).split())
    rest = _TAIL.sub("", rest)
    if len(rest) < 2:
        return ()
    bare = rest[:-1] if rest.endswith("s") and len(rest) > 3 else rest
    return tuple(dict.fromkeys((rest, bare)))
