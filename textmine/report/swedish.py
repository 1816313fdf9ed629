"""How numbers, shares and counts of actors are written in Swedish print."""

from collections.abc import Iterable, Mapping

_BLANK = "\u00a0"  # keeps a number and its unit on one line
_WORDS = (
    "noll", "en", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv",
)  # fmt: skip
# Singular, plural, and whether "one" is 'ett'.
ACTOR_NOUNS = {
    "region": ("region", "regioner", False),
    "kommun": ("kommun", "kommuner", False),
    "lan": ("län", "län", True),
    "": ("respondent", "respondenter", False),
}


def number(n: int) -> str:
    """Write a whole number with a blank between thousands: `12 500`; four digits stand together."""
    text = str(abs(n))
    if len(text) > 4:
        head = len(text) % 3
        parts = [text[:head]] * bool(head) + [text[i : i + 3] for i in range(head, len(text), 3)]
        text = _BLANK.join(parts)
    return f"{'−' if n < 0 else ''}{text}"


def decimal(x: float, digits: int = 1) -> str:
    """Write a number with a decimal comma: `0,83`."""
    text = f"{abs(x):.{digits}f}"
    minus = x < 0 and float(text) != 0
    whole, _, rest = text.partition(".")
    return f"{'−' if minus else ''}{number(int(whole))}{',' if rest else ''}{rest}"


def percent(share: float, digits: int = 0) -> str:
    """Write a share for a table: `63 %`."""
    return f"{decimal(100 * share, digits)}{_BLANK}%"


def in_words(n: int, *, neuter: bool = False) -> str:
    """Write a number in running text: in words up to twelve, then in figures."""
    if n == 1 and neuter:
        return "ett"
    return _WORDS[n] if 0 <= n < len(_WORDS) else number(n)


def actors(n: int, actor: str) -> str:
    """Count actors in running text: `sju regioner`, `ett län`, `107 kommuner`.

    Parameters
    ----------
    actor
        `region`, `kommun`, `lan`; anything else counts respondents.
    """
    one, many, neuter = ACTOR_NOUNS.get(actor, ACTOR_NOUNS[""])
    if n == 0:
        return f"{'inget' if neuter else 'ingen'} {one}"
    return f"{in_words(n, neuter=neuter)}{_BLANK}{one if n == 1 else many}"


def all_actors(counts: Mapping[str, int]) -> str:
    """Count several kinds of actors: `18 regioner och 107 kommuner`; those with none left out."""
    some = [actors(n, actor) for actor, n in counts.items() if n]
    return joined(some) if some else actors(0, next(iter(counts), ""))


def joined(items: Iterable[str], word: str = "och") -> str:
    """Join as in a sentence: `a, b och c`."""
    parts = list(items)
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {word} {parts[-1]}"


def sentence(text: str) -> str:
    """Begin with a capital letter."""
    return text[:1].upper() + text[1:]
