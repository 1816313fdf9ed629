"""What speaks for a stretch of words being a person's name, and what against it, in points."""

import re
from collections.abc import Sequence

from textmine.personal import lexicon
from textmine.personal.kinds import ADDRESS, EMAIL, Personal
from textmine.personal.lexicon import NONE, SURE, WEAK
from textmine.personal.tokens import CAP, CAPS, INITIAL, LOW, NOBLE, SHOUTED, Token

ENOUGH = 0.9  # points from which a stretch is a name
LISTED = 0.6  # for standing beside a name in a list
# The words themselves: the first one, the last one.
_FIRST = {SURE: 1.0, WEAK: 0.5, NONE: 0.2}
_LAST = {SURE: 0.7, WEAK: 0.55, NONE: 0.2}
_LAST_ALONE = {SURE: 0.75, WEAK: 0.25, NONE: 0.0}
_TELLING = 0.9  # a surname that no other word looks like
_INITIAL_FIRST, _INITIAL_LAST = 0.4, 0.3
_NOBLE = 0.7
_ACRONYM = -0.3  # in capitals, where the rest is not
_SHORT_ACRONYM, _SHORT = -0.8, 5  # 'IVA', of so many letters
_PUBLIC = -1.2  # 'Selma Lagerlöf', but not beside a phone number
_WITHIN = 0.15  # a capital within a sentence
_SAME_EMAIL = 1.2  # an e-mail address in the text has the same words
# What stands before and after.
_CONTACT, _PERSON, _TITLE, _TITLE_AFTER, _VERB, _AGE = 0.6, 0.9, 0.5, 0.45, 0.4, 0.5
_HUMAN = 0.75  # before 'skrattade', for a word that nobody has heard of
_INITIAL_CUE = 0.2
_REACHED = 0.7  # a phone number or the like
_PLACE, _IN_PLACE, _QUOTED = -0.9, -0.6, -0.5
_THING = -3.0  # 'Mini Maria', 'Astrid Lindgrens barnsjukhus'

_TO_NUMBER = re.compile(
    r"[\s,.:;(/–-]*(?:[^\W\d_]+(?: [^\W\d_]+)?, |på |via )?"
    r"(?:tel|tfn|mobil|mob|pnr|personnummer|mail|mejl|e-?post)?[\s.,:;(–-]*",
    re.I,
)
_FROM_NUMBER = re.compile(r"\s*[,(/:]?\s*")
_FAR = 45  # signs between a name and a number
_NEAR = 60  # signs between a thing and its name
_AGED = re.compile(
    r"(?:,? ?\(?\d{1,3}(?:,(?!\d)| ?år|\))"
    r"|,? (?:i|från) (?:åk|årskurs|klass|\d[A-Ha-h]\b|sjuan|åttan|nian))"
)
_BETWEEN = re.compile(r"[\s:;|.,(\"”–/-]*")
_ABBREVIATED = frozenset({"dr", "doc", "prof", "ordf", "sekr", "tel", "kontakt", "mvh", "vik"})
_SAINT = re.compile(r"\bS:ta? $")
_SIGNED = re.compile(r"(?:/|mvh,?\s|~)\s*$", re.I)
_SIGNATURE = 60  # signs from the end in which a signature stands
# A person who works 'på' something works at a place that bears a name.
_WORKS_AT = re.compile(
    r"(?:kurator|rektor|lärar|sköters|elev|hälsa|personal|klass|psykolog|pedagog|ungdomar|åk|team)"
    r"(?:e|n|en|er|na|an|or|erna|arna|orna|are|aren|ka|kan|sköterskan|et|hälsan)*$"
)
_ROMAN = re.compile(r"(?:II|III|IV|VII|VIII|IX|X[IVX]+)$")
_ROYAL = frozenset(
    "kung kungen drottning drottningen kejsare kejsaren tsar tsaren påve påven".split()
)
_TURNED_TO = frozenset(
    "väntar väntade vänta litar litade lita lyssnar lyssnade lyssna ringer ringde ring tänker"
    " tänkte arg ropar ropade beror hänger besviken tror trodde".split()
)
_READING = frozenset({"läser", "läste", "läsa", "läst", "läs", "citerar", "citerade"})
_AND = re.compile(r"\s*(?:,|;|&|\boch\b|\bo\b|\bsamt\b)\s*", re.I)
# The clinics for young people's drug use that are called Maria.
_MARIA = re.compile(
    r"\bmini[- ]?maria|\bmaria(?:mottagning|enhet|team|gård|modell|[ -]ungdom|[ -]beroende)", re.I
)
_CLINIC = frozenset({"maria", "marias", "mini-maria", "mini-marias"})
_PLACELIKE = re.compile(
    r"(?:strand|sund|vik|holmen|fors|torp|köping|näs|hamn|borg|stad|åker|hult|ryd|tuna|löv)$"
)
_LINKS = frozenset(
    {"av", "till", "på", "med", "är", "vårt", "vår", "gärna", "själv", "jag", "mig", "of", "me"}
    | {"från", "hos", "och", "samt"}
)
_PREPOSITIONS = frozenset(
    {"i", "på", "från", "fr", "frn", "vid", "av", "hos", "till", "med", "för"}
)
_CONJUNCTIONS = frozenset({"och", "o", "eller", "samt", "men", "som", "där", "för", "på", "i"})
_COMPOUND = re.compile(r"-[a-zåäö]+$")  # 'Wägner-sällskapet'
_QUOTES = frozenset("\"”“'’»«")


class Weighing:
    """Points for stretches of the words of one text.

    Parameters
    ----------
    text
        The text.
    tokens
        Its words.
    found
        The phone numbers, e-mail addresses and the like that stand in it.
    """

    def __init__(self, text: str, tokens: Sequence[Token], found: Sequence[Personal]) -> None:
        self.text = text
        self.tokens = tokens
        self.reached = [one for one in found if one.kind != ADDRESS]
        self.locals = [_local_words(text[e.start : e.end]) for e in found if e.kind == EMAIL]

    def points(self, part: Sequence[int]) -> float:
        """Weigh a stretch of words, given by their numbers."""
        tokens = [self.tokens[at] for at in part]
        head, tail = tokens[0], tokens[-1]
        points = _words(tokens) + self.before(part) + self._after(part[-1])
        if any(map(self.fits_email, tokens)):
            points += _SAME_EMAIL
        if not head.opens and head.shape == CAP:
            points += _WITHIN
        unheard = head.first == NONE and head.shape != INITIAL
        if (unheard or len(tokens) == 1) and any(lexicon.is_place(t.folded) for t in tokens):
            points += _PLACE
        if self._is_public(part):
            points += _PUBLIC
        if len(tokens) == 1 and self._names_place(part[0]):
            points += _PLACE
        if {self.text[head.start - 1 : head.start], self.text[tail.end : tail.end + 1]} <= _QUOTES:
            points += _QUOTED
        return points

    def _is_public(self, part: Sequence[int]) -> bool:
        """Say whether a stretch begins with the name of a public person: 'Selma Lagerlöf'."""
        words = [token.folded for token in self.tokens[part[0] : part[0] + 3]]
        end = self.tokens[part[-1]].end
        return any(
            lexicon.is_public(" ".join(words[:count]))
            and self.tokens[part[0] + count - 1].end >= end
            for count in (2, 3)
            if len(words) >= count
        ) or (len(part) > 2 and lexicon.is_public(" ".join(words[:2])))

    def _names_place(self, at: int) -> bool:
        """Say whether a first name alone is a village's, beside a place, or the clinic Maria's."""
        token = self.tokens[at]
        if token.folded in _CLINIC and _MARIA.search(self.text):
            return True
        if not lexicon.is_village(token.folded):
            return False
        neighbours = [(at - 1, at)] * (at > 0) + [(at, at + 1)] * (at + 1 < len(self.tokens))
        for left, right in [*neighbours, *self._over_and(at)]:
            other = self.tokens[right if left == at else left]
            gap = self.text[self.tokens[left].end : self.tokens[right].start]
            if other.shape == CAP and other.first == NONE and _AND.fullmatch(gap):
                if lexicon.is_place(other.folded):
                    return True
        return False

    def _over_and(self, at: int) -> list[tuple[int, int]]:
        """Give the pairs of a word and those next but one to it, where an 'och' may stand."""
        pairs = [(at - 2, at), (at, at + 2)]
        return [(left, right) for left, right in pairs if left >= 0 and right < len(self.tokens)]

    def fits_email(self, token: Token) -> bool:
        """Say whether a word stands in an e-mail address of the text as well."""
        if not self.locals or token.shape not in (CAP, CAPS, SHOUTED):
            return False
        word = lexicon.plain(token.text)
        return len(word) > 2 and any(
            word in local or (len(word) > 3 and any(part.startswith(word) for part in local))
            for local in self.locals
        )

    def before(self, part: Sequence[int]) -> float:
        """Weigh what stands before a stretch."""
        text, start = self.text, self.tokens[part[0]].start
        points = 0.0
        if start > len(text) - _SIGNATURE and _SIGNED.search(text, max(0, start - 12), start):
            points += _CONTACT
        if any(e.end <= start and _FROM_NUMBER.fullmatch(text, e.end, start) for e in self.reached):
            points += _REACHED
        if not part[0]:
            return points
        left = self.tokens[part[0] - 1]
        gap = text[left.end : start]
        if not _BETWEEN.fullmatch(gap) or "\n\n" in gap:
            return points
        if gap.startswith(".") and left.folded not in _ABBREVIATED:
            return points
        if self._is_of_thing(part[0], gap):
            return points + _THING
        return points + self._cue(part, gap)

    def _is_of_thing(self, at: int, gap: str) -> bool:
        """Say whether what stands before makes a word the name of a thing: 'appen Bella'."""
        word, start = self.tokens[at - 1].folded, self.tokens[at].start
        if lexicon.names_thing(word) and not gap.strip(" \"”“'’"):
            return True
        if self.tokens[at].shape == CAP and (word in _ROYAL or self._is_cited(at)):
            return True
        if word == "på" and at > 1 and self.tokens[at + 1 : at + 2] and self._works_at(at):
            return True
        if _ROMAN.match(self.tokens[at - 1].text):
            return True  # 'Gustav II Adolf'
        if word == "om":
            return at > 1 and lexicon.names_thing(self.tokens[at - 2].folded)
        if word == "heter":
            return self._thing_near(start)
        return bool(_SAINT.search(self.text, max(0, start - 6), start))

    def _is_cited(self, at: int) -> bool:
        """Say whether a name stands for a text or a method: 'läser Herman', 'enligt Stanley'."""
        following = self.tokens[at + 1 : at + 2]
        if following and following[0].nameable and following[0].shape == CAP:
            return False  # 'enligt Herman Ek'
        word, name = self.tokens[at - 1].folded, self.tokens[at].folded
        if word in _READING:
            return lexicon.is_read(name)
        return word == "enligt" and lexicon.is_cited(name)

    def _works_at(self, at: int) -> bool:
        """Say whether two names are a school's: 'kuratorn på Magnus Åberg'."""
        head, tail = self.tokens[at : at + 2]
        return (
            head.first != NONE
            and tail.shape == CAP
            and not tail.folded.endswith("s")
            and tail.nameable
            and self.text[head.end : tail.start] == " "
            and bool(_WORKS_AT.search(self.tokens[at - 2].folded))
        )

    def _thing_near(self, at: int) -> bool:
        """Say whether a thing that bears a name was spoken of shortly before."""
        near = re.findall(r"[^\W\d_]+", self.text[max(0, at - _NEAR) : at].casefold())
        return any(map(lexicon.names_thing, near))

    def _cue(self, part: Sequence[int], gap: str) -> float:
        """Weigh the word before a stretch: a title, 'kontakt', 'ring', 'i'."""
        known, word = lexicon.words(), self.tokens[part[0] - 1].folded
        if len(part) == 1:
            if word in ("i", "vid") and not self._is_owner(part[0]):
                return _IN_PLACE
            if word == "på" and self.tokens[part[0]].first == NONE and not self._turned_to(part[0]):
                return _IN_PLACE  # 'boendet på Rosenlund'
            if self._beside_place(part[0], word):
                return _IN_PLACE
            if gap.strip() in ("", ".") and (word in known.person or word in known.title):
                return _PERSON
        if word in known.contact or self._is_contact(part[0] - 1, gap):
            return _CONTACT
        head = self.tokens[part[0]]
        if head.shape == INITIAL and self.text[head.end : head.end + 1] == "." and word in _LINKS:
            return _INITIAL_CUE  # 'av J. Okonk', not 'hepatit B. Insatsen'
        return _TITLE if lexicon.is_title(word) and "\n" not in gap else 0.0

    def _beside_place(self, at: int, word: str) -> bool:
        """Say whether a surname alone is a place: 'i Strömsund och Hammarstrand', 'resan till'."""
        token = self.tokens[at]
        if token.first != NONE or not _PLACELIKE.search(token.folded):
            return False
        if word in ("och", "samt", "eller") and at > 1:
            return lexicon.is_place(self.tokens[at - 2].folded)
        return word in ("till", "från")

    def _turned_to(self, at: int) -> bool:
        """Say whether 'på' goes with a verb of what is done to persons: 'väntar på Lindh'."""
        return at > 1 and self.tokens[at - 2].folded in _TURNED_TO

    def _is_owner(self, at: int) -> bool:
        """Say whether a word is a genitive that goes on with what is owned: 'Torkels fack'."""
        token, following = self.tokens[at], self.tokens[at + 1 : at + 2]
        return token.folded.endswith("s") and any(
            right.shape == LOW and right.folded not in _CONJUNCTIONS for right in following
        )

    def _is_contact(self, at: int, gap: str) -> bool:
        """Say whether a cue stands some words off: 'besvaras av', 'Frågor om fakturor:'."""
        contact = lexicon.words().contact
        words = [token.folded for token in self.tokens[max(0, at - 3) : at + 1]]
        if words[-1] in _LINKS:
            led = words[-1] == "av" and any(word in lexicon.words().led for word in words[:-1])
            return led or any(word in contact for word in words[:-1])
        return (":" in gap or ";" in gap) and any(word in contact for word in words)

    def _after(self, last: int) -> float:
        """Weigh what stands after a stretch that ends with the word `last`."""
        text, end = self.text, self.tokens[last].end
        points = _AGE if _AGED.match(text, end) else 0.0
        if any(
            0 <= e.start - end <= _FAR and _TO_NUMBER.fullmatch(text, end, e.start)
            for e in self.reached
        ):
            points += _REACHED
        if last + 1 == len(self.tokens):
            return points
        right, known = self.tokens[last + 1], lexicon.words()
        gap = text[end : right.start]
        if gap in (" ", "\u00a0"):
            if right.folded in known.after or lexicon.is_thing(right.folded):
                return points + _THING
            if right.shape == CAP and _COMPOUND.search(right.text):
                return points + _THING
            if right.folded in known.human and self._is_unheard(last):
                return points + _HUMAN
            return points + _VERB * (right.folded in known.verbs)
        if re.fullmatch(r",? ?\(?", gap) and lexicon.is_title(right.folded):
            return points + _TITLE_AFTER
        return points

    def _is_unheard(self, at: int) -> bool:
        """Say whether a word has a capital for no other reason than being somebody's name."""
        token = self.tokens[at]
        if not at or self.tokens[at - 1].folded in _PREPOSITIONS:
            return False  # 'pojkarna från Syrien sa'
        return token.shape == CAP and not token.opens and not lexicon.looks_like_noun(token.folded)


def _local_words(email: str) -> frozenset[str]:
    """Give the words before the @ of an e-mail address, and all of them together."""
    local = re.split(r"[@(\[{]", email)[0]
    return frozenset(map(lexicon.plain, [local, *re.split(r"[._+\d-]", local)])) - {""}


def _words(tokens: Sequence[Token]) -> float:
    """Weigh the words of a stretch by themselves."""
    head, tail = tokens[0], tokens[-1]
    if len(tokens) == 1:
        if head.first:
            points = _FIRST[head.first]
        elif head.shape != LOW and lexicon.telling_surname(head.folded):
            points = _TELLING
        else:
            points = _LAST_ALONE[head.last]
        if head.shape == CAPS and len(head.folded) <= _SHORT:
            return points + _SHORT_ACRONYM
        return points + _ACRONYM * (head.shape == CAPS and not head.opens)
    start = _INITIAL_FIRST if head.shape == INITIAL else _FIRST[head.first]
    if head.shape == CAPS and tail.shape == CAP and len(head.folded) < _SHORT:
        start = _FIRST[NONE]  # 'IVA Sunderbyn'
    if head.folded in NOBLE:
        start = _NOBLE
    if tail.shape == INITIAL:
        return start + _INITIAL_LAST
    last = max(tail.last, lexicon.surname(tail.folded), WEAK if tail.first == SURE else NONE)
    return start + _LAST[last]
