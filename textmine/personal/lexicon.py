"""What is known of words: first names, surnames, and words that speak for or against a name."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from textmine.read.respondents import places

# Endings that hardly any Swedish word has but a surname.
_SURE_ENDING = re.compile(
    r"(?:[^s]sson|sdotter|dóttir|[qk]vist|quist|ström|stedt|gren|feldt|stjerna|stierna|hjelm|crantz"
    r"|[oe]vi[cć]|owicz|czyk|oğlu|oglu|zadeh)$"
)
# Of these the ones that no word has but a surname, so that it needs no first name beside it.
_TELLING = re.compile(r"(?:[^s]sson|sdotter|[qk]vist|quist|stedt|[oe]vi[cć])$")
TELLING = ("sson", "dotter", "vist", "quist", "stedt", "vic", "vić", "ssons", "vists", "stedts")
_LIKELY_ENDING = re.compile(
    r"(?:berg|lund|man|mark|holm|ell|én|ér|ius|ander|dahl|strand|vall|wall|ling|fors|blad|blom"
    r"|sten|lind|l[öo][vf]|bäck|beck|sjö|hed|roos|rot|roth|stam|stad|klint|näs|[vw]ik|hult|borg|fält"
    r"|skog|ås|dal|sköld|krans|kvarn|vret|brant|hage|skär|hav|sson|son|ski|i[cć]|ez|[iy]an"
    r"|ov|ova|enko|pour|poor|[iaäö]nen)$"
)
# Common words with these endings that stand beside names.
_NO_SURNAME = re.compile(r"(?:verksamhetsgren|yrkesgren|gren|flöde?sström|ström|program|grupp\w*)$")
# Endings of bodies, buildings, streets.
_THING = re.compile(
    r"\w{3}(?:förbundet|förbund|föreningen|förening|bolaget|centret|centrum|verket|sällskapet|nämnden|förvaltningen|kontoret"
    r"|enheten|skolan|gymnasiet|gymnasium|kliniken|tinget|museet|huset|hemmet|gården|kyrkan|stugan|kören|laget|klubben"
    r"|byrån|tjänsten|stiftelsen|fond|fonden|priset|stipendium|akademin|sjukhuset|mottagningen|universitetet|biblioteket|gatan|vägen|torget"
    r"|platsen|parken|avdelningen|teamet|gruppen|modellen|metoden|programmet|projektet|kommunen|boendet|person|personen|personer|personal|personalen)s?$"
)
_NOUN_ENDING = re.compile(
    r"(?:ning|ningen|tion|tionen|het|heten|skap|skapet|are|aren|arna|erna|orna|ande|ende|else|elsen|ism|itet|itets"
    r"|ment|mentet|gruppen|teamet|rådet|cheferna|ligt|iskt|ades|ats|ade|erat|dagen|sam|lig|liga)$"
)
# Names made of 'servant of', 'of the faith' and the like.
_FORMED = re.compile(r"^abd(?:ul|el|al|ir)\w{3}|\w{3}(?:ullah|allah|uddin|eddin|addin|reza)$")
# First names that others are joined to: 'Annchristine', 'Majbritt'.
_JOINED = re.compile(
    r"(?:anna?|anne|maj|may|gunn?|britt|eva|inga|inger|lise|rose|ulla|marie?|[ck]arl|lars|sven|nils"
    r"|bengt|stig|kjell)(?=\w{3})"
)
# In lower case fewer endings tell: 'individuell', 'ibland man'.
_LOWER_ENDING = re.compile(
    r"\w{3}(?:berg|lund|holm|dahl|strand|mark|ander|ius|blad|blom|l[öo][vf]|bäck|sjö|hult|lind|vall|gård|nen)$"
)
_PARTS = re.compile(r"[-\s]")

NONE, WEAK, SURE = 0, 1, 2


@dataclass(frozen=True)
class Words:
    """Sets of folded words, as the package's lists have them."""

    first: frozenset[str]
    first_weak: frozenset[str]  # also words, months, places
    first_opening: frozenset[str]  # common words where they open a sentence
    first_plain: frozenset[str]  # as they are spelt on keyboards without å, ä and ö
    first_lower: frozenset[str]  # names even where written in lower case
    surnames: frozenset[str]
    surnames_weak: frozenset[str]  # also words or places
    public: frozenset[str]  # whole names of authors and other public persons
    cited: frozenset[str]  # names that stand for a theory or a method
    read: frozenset[str]  # names that stand for books
    villages: frozenset[str]  # first names that places bear as well
    no_names: frozenset[str]
    before: frozenset[str]
    after: frozenset[str]
    contact: frozenset[str]
    led: frozenset[str]
    person: frozenset[str]
    title: frozenset[str]
    title_endings: re.Pattern[str]
    verbs: frozenset[str]
    human: frozenset[str]  # verbs of what hardly anybody but a person does
    particles: frozenset[str]
    places: frozenset[str]


def _lines(name: str) -> list[str]:
    text = resources.files("textmine.personal").joinpath(name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if not line.startswith("#")]


def _sections(name: str) -> dict[str, frozenset[str]]:
    """Read a list with `[section]` lines."""
    sections: dict[str, list[str]] = {}
    for line in _lines(name):
        if line.startswith("["):
            sections[line.strip("[]")] = current = []
        elif line:
            current.extend(line.split())
    return {section: frozenset(words) for section, words in sections.items()}


@cache
def words() -> Words:
    """The package's lists, read once."""
    names = " ".join(_lines("first_names.txt")).split()
    bare = [(name.rstrip("*~^").casefold(), name[-1]) for name in names]
    surnames = " ".join(_lines("surnames.txt")).casefold().split()
    no_names, cues = _sections("not_names.txt"), _sections("cues.txt")
    endings = "|".join(sorted(map(re.escape, cues["title endings"]), key=len, reverse=True))
    return Words(
        first=frozenset(name for name, _ in bare),
        first_weak=frozenset(name for name, mark in bare if mark == "*"),
        first_opening=frozenset(name for name, mark in bare if mark == "^"),
        first_plain=frozenset(
            spelt
            for name, mark in bare
            if mark not in "*~^" and set("åäö") & set(name) and len(spelt := plain(name)) > 4
        )
        - {"osten"},  # 'the cheese'
        first_lower=frozenset(name for name, mark in bare if mark not in "*~^"),
        surnames=frozenset(name for name in surnames if name[-1] != "*"),
        surnames_weak=frozenset(name[:-1] for name in surnames if name[-1] == "*"),
        public=frozenset(name.replace("_", " ") for name in no_names["public"]),
        cited=no_names["cited"],
        read=no_names["read"] | no_names["cited"],
        villages=no_names["villages"],
        no_names=no_names["words"],
        before=no_names["before"],
        after=no_names["after"],
        contact=cues["contact"],
        led=cues["led by"],
        person=cues["person"],
        title=cues["title"],
        title_endings=re.compile(rf"(?:{endings})$"),
        verbs=cues["verbs"] | cues["human"],
        human=cues["human"],
        particles=cues["particles"],
        places=frozenset(place.name.casefold() for place in places().values()),
    )


def _bases(folded: str) -> Iterator[str]:
    """Give a word, the word without the s of a genitive, and both without foreign accents."""
    yield folded
    if folded.endswith(("s", "'", "’")):
        yield _without_genitive(folded)
    if not folded.isascii() and (simple := _without_accents(folded)) != folded:
        yield simple
        yield _without_genitive(simple)


def _without_genitive(word: str) -> str:
    if word.endswith("ss"):
        return word  # 'klass' is not of Klas, whose genitive is Klas
    return word.rstrip("'’").removesuffix("s").rstrip("'’")


def _without_accents(word: str) -> str:
    """Take the accents off all letters but å, ä and ö: 'begović' → 'begovic'."""
    return "".join(
        sign if sign in "åäö" else unicodedata.normalize("NFKD", sign)[0] for sign in word
    )


@cache
def first_name(folded: str, *, opens: bool = False) -> int:
    """Say whether a word is a first name: SURE, WEAK if it is another word too, NONE."""
    known = words()
    if folded in known.no_names and folded not in known.first:
        return NONE  # 'Finns' is no genitive
    for base in _bases(folded):
        if base in known.first:
            weak = base in known.first_weak or (opens and base in known.first_opening)
            return WEAK if weak else SURE
        if base in known.first_plain or _FORMED.search(base):
            return SURE
        if (joined := _JOINED.match(base)) and base[joined.end() :] in known.first_lower:
            return SURE
        parts = base.split("-")
        if len(parts) == 2 and min(map(len, parts)) > 1 and any(p in known.first for p in parts):
            return SURE if parts[0] in known.first else WEAK
    return NONE


@cache
def lower_first_name(folded: str) -> bool:
    """Say whether a word is a first name though it is written in lower case."""
    known = words()
    if folded in known.no_names:
        return False
    return any(
        base in known.first_lower
        or base in known.first_plain
        or ("-" in base and all(part in known.first for part in base.split("-")))
        for base in _bases(folded)
    )


@cache
def surname(folded: str) -> int:
    """Say whether a word is a surname: SURE by its ending or the list, WEAK by its ending."""
    known = words()
    best = NONE
    for base in _bases(folded):
        for part in _PARTS.split(base):
            if len(part) < 3 or _NO_SURNAME.fullmatch(part):
                continue
            if part in known.surnames or (len(part) > 5 and _SURE_ENDING.search(part)):
                best = SURE
            elif part in known.surnames_weak or (len(part) > 4 and _LIKELY_ENDING.search(part)):
                best = max(best, WEAK)
        if "-" in base:
            best = SURE if best else WEAK  # 'Nordahl-Rao'
    return best


@cache
def lower_surname(folded: str) -> bool:
    """Say whether a word in lower case after a first name is a surname."""
    return surname(folded) == SURE or any(map(_LOWER_ENDING.search, _bases(folded)))


@cache
def telling_surname(folded: str) -> bool:
    """Say whether a word alone, with no first name, tells that it is a surname."""
    return any(len(base) > 6 and _TELLING.search(base) for base in _bases(folded))


@cache
def is_title(folded: str) -> bool:
    """Say whether a word is what a person does or is to somebody: 'enhetschef', 'mamma'."""
    known = words()
    return (
        folded in known.title or folded in known.person or bool(known.title_endings.search(folded))
    )


@cache
def is_place(folded: str) -> bool:
    """Say whether a word is the name of a municipality, a region or a county."""
    known = words().places
    return any(part in known for base in _bases(folded) for part in (base, *base.split("-")))


@cache
def is_village(folded: str) -> bool:
    """Say whether a first name is a small place's as well: 'Fredrika', 'Nora'."""
    return any(base in words().villages for base in _bases(folded))


@cache
def is_cited(folded: str) -> bool:
    """Say whether a name stands for a theory or a method, where it is followed: 'Stanley'."""
    return any(base in words().cited for base in _bases(folded))


@cache
def is_read(folded: str) -> bool:
    """Say whether a name stands for what its bearer wrote, where it is read: 'Lagerlöf'."""
    return any(base in words().read for base in _bases(folded))


@cache
def is_public(folded: str) -> bool:
    """Say whether two or three words are the name of somebody of whom everybody has heard."""
    return any(base in words().public for base in _bases(folded))


@cache
def fold(word: str) -> str:
    """Fold a word's case, composed accents and kinds of hyphens."""
    return unicodedata.normalize("NFC", word).casefold().replace("‑", "-").replace("–", "-")


@cache
def plain(word: str) -> str:
    """Spell a word as an e-mail address would: 'Törn-Åke' → 'tornake'."""
    bare = unicodedata.normalize("NFKD", word.casefold())
    return "".join(sign for sign in bare if sign.isalpha() and not unicodedata.combining(sign))


@cache
def looks_like_noun(folded: str) -> bool:
    """Say whether a word ends as common nouns and function words do, and not as names."""
    return folded in words().no_names or bool(_NOUN_ENDING.search(folded))


@cache
def names_thing(folded: str) -> bool:
    """Say whether a name after this word is a thing's: 'appen', 'terapihunden', 'Mini'."""
    known = words().before
    return folded in known or any(folded.endswith(word) for word in known if len(word) > 4)


@cache
def is_thing(folded: str) -> bool:
    """Say whether a word ends as the names of bodies, buildings and streets do."""
    return bool(_THING.search(folded))
