"""Words of a text and their stems."""

import re
from functools import cache, lru_cache
from typing import Any

WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")

# Words that say nothing of what a text is about. Those of denial and of direction are not here.
EMPTY = frozenset(
    "antal antalet att av bl bland blev bli blir blivit både den denna deras dess dessa det detta "
    "där då en ett för gett ha hade han har hos hur i inom kan kunde kunnat med men nu numera och "
    "också oss på samt se ser sig sin sina sitt så som till upp ur var vara varit vi vid vår våra "
    "vårt är även om de".split()
)


def words(text: str) -> list[str]:
    """List the words of a text, case folded; figures and signs are none."""
    return [word.casefold() for word in WORD.findall(text)]


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """Cut a Swedish word's endings off: `rapporterades` → `rapporter`."""
    return str(_stemmer().stemWord(word))


def stems(text: str) -> list[str]:
    """List the stems of the words that say what a text is about."""
    return [stem(word) for word in words(text) if word not in EMPTY]


@cache
def _stemmer() -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer("swedish")
