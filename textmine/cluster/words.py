"""The words of notes, for names and keywords: bent forms as one, no stop words, no places."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import Any

from textmine.read.respondents import places

_WORD = re.compile(r"[^\W\d_]{3,}")
_FOLDED = str.maketrans("åäöéü", "aaoeu")
_RUN = 5  # letters in a row, by which compounds meet their parts
# Said in any note, whatever it is about, and not in spaCy's list of stop words.
_SAID_ANYWHERE = frozenset(
    "annars bara behov behöva behöver behövs bland borde bort bättre enligt fick finns fått få får "
    "gjort går gör göra gång gånger hela helt igen ihop ingenting innan istället kommer lite "
    "länge många mest måste mellan nog någon något några nån nåt också olika ofta redan samma sen "
    "ser ska skulle saknas själva själv stor stora svårt säger sätt tar ta tack tid tycker vill "
    "via även hos dock vilket sånt sedan sina sitt inför inom dag dagar vecka veckor månad månader "
    "år året åren istället faktiskt heller hellre förut trots liksom enbart endast sade sagt säga "
    "står stå fram finnas kunna veta vet visste kör köra blev bli blir blivit ge ger gav "
    "ännu alltid aldrig ibland jätte jättebra gärna varken tills utifrån runt större mindre "
    "första andra tredje två tre fyra fem sex sju åtta nio tio ettan tvåan".split()
)


# Whole notes that say nothing, without punctuation.
_NOTHING = frozenset(
    (
        "vet ej", "vet inte", "vet inget", "inget", "ingenting", "inget att tillägga", "nej", "ja",
        "ingen", "inga", "ingen kommentar", "inga kommentarer", "ingen åsikt", "ej aktuellt",
        "inte aktuellt", "se ovan", "samma som ovan", "ingen aning", "saknas", "xxx", "test",
        "inget särskilt", "ingen uppfattning", "kan ej svara", "kan inte svara",
    )
)  # fmt: skip


def says_something(text: str) -> bool:
    """Tell whether a note says anything at all: a word, and not just 'vet ej' or the like."""
    words = re.findall(r"\w+", text.casefold())
    return bool(_WORD.search(text)) and " ".join(words) not in _NOTHING


@cache
def _stopped() -> frozenset[str]:
    """Words that say nothing of a theme: stop words and the names of Swedish places."""
    from spacy.lang.sv.stop_words import STOP_WORDS

    named = {
        word
        for place in places().values()
        for text in (place.name, f"{place.name}s")
        for word in _WORD.findall(text.casefold())
    }
    stopped = frozenset(STOP_WORDS) | _SAID_ANYWHERE | named
    # Some people write without dots and rings.
    return stopped | {folded(word) for word in stopped}


def folded(word: str) -> str:
    """Take the dots and rings away: 'från' → 'fran'."""
    return word.translate(_FOLDED)


@cache
def _stemmer() -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer("swedish")


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """Cut a word in lower case to its stem, so that its bent forms meet."""
    cut: str = _stemmer().stemWord(word)
    return cut


def telling(text: str) -> Iterator[str]:
    """Go through the words of a text that may tell its theme, in lower case."""
    stopped = _stopped()
    for word in _WORD.findall(text.casefold()):
        if word not in stopped and stem(word) not in stopped:
            yield word


def pieces(text: str) -> list[str]:
    """The stems of a text's telling words, and all runs of some letters in these words."""
    words = [folded(word) for word in telling(text)]
    runs = [word[i : i + _RUN] for word in words for i in range(len(word) - _RUN + 1)]
    return [*(f"{stem(word)}_" for word in words), *runs]


def forms(texts: Iterable[str]) -> dict[str, str]:
    """For each stem the form that people write most; of two as common, the shorter."""
    counts: dict[str, Counter[str]] = {}
    for text in texts:
        for word in telling(text):
            counts.setdefault(stem(word), Counter())[word] += 1
    return {
        root: min(found, key=lambda word: (-found[word], len(word), word))
        for root, found in counts.items()
    }
