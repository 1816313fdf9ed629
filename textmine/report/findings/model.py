"""What a report says: plain figures and texts that page, workbook and Word document all show.

`ALL` as actor stands for all kinds together, as category for any category of the area.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

ALL = ""


@dataclass(frozen=True)
class Count:
    """How many respondents of one kind are in a cell, each counted once.

    Attributes
    ----------
    counted
        As coded now.
    least
        Certain: without the statements that are still to be reviewed.
    most
        Also with all that statements under review might turn out to be.
    of
        Respondents of that kind with any statement in the area.
    statements
        As coded now.
    estimate, low, high
        Corrected for the machine's error, with a 95 % interval; None where that was not computed.
    hidden
        Too small to be shown, or giving such a count away: print `label` instead of any figure of
        this count; they are all 0.
    """

    counted: int
    least: int
    most: int
    of: int
    statements: int
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    hidden: bool = False
    label: str = ""


@dataclass(frozen=True)
class Group:
    """Roles that are counted together; most groups are of one role."""

    key: str  # `insats`, or the role's code
    name: str  # in Swedish, as a head: Insatser, Aktiviteter, Effekter
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Quote:
    """A typical statement: pseudonymised, tidied for print."""

    statement_id: str
    text: str
    actor: str


@dataclass(frozen=True)
class Effect:
    """Effects of nearly the same wording, joined under one of them."""

    text: str
    level: str  # a code of the level dimension, '' if there is none
    respondents: int
    statement_ids: tuple[str, ...]
    label: str = ""  # printed instead of `respondents` where that is too small to be shown


@dataclass(frozen=True)
class EffectColumn:
    """One category's effects, by level in the codebook's order, commonest first."""

    category: str
    name: str
    counts: Mapping[str, Count]  # by actor
    effects: tuple[Effect, ...]  # empty: Ej identifierat


@dataclass(frozen=True)
class Gap:
    """Something that is missing or worth noting: a row of the table *Vad som saknas*."""

    key: str
    name: str  # Insatser utan mål
    explanation: str  # what is counted, one sentence
    counts: Mapping[tuple[str, str], Count]  # (category or ALL, actor or ALL)
    sentence: str  # Sju av 18 regioner och … anger inget mål för …
    statement_ids: tuple[str, ...]  # behind any of the counts
    overall: tuple[str, ...] = ()  # behind those of ALL categories alone


@dataclass(frozen=True)
class Box:
    """A box of the flow diagram: one category in one role."""

    category: str
    role: str
    count: Count
    quotes: tuple[Quote, ...]


@dataclass(frozen=True)
class Link:
    """Two boxes that the same answer fills; `respondents` gives its width."""

    origin: tuple[str, str]  # (category, role)
    target: tuple[str, str]
    respondents: int
    answers: int


@dataclass(frozen=True)
class Flow:
    """The flow diagram of an area and a kind of actor: resources → … → effects per category."""

    area: str
    actor: str
    title: str  # Mobila lösningar, regioner
    categories: tuple[tuple[str, str], ...]  # (code, name), top to bottom
    roles: tuple[tuple[str, str], ...]  # (code, name), left to right
    boxes: Mapping[tuple[str, str], Box]  # by (category, role); filled ones only
    links: tuple[Link, ...]
    respondents: int
    description: str  # alternative text: one paragraph of Swedish


@dataclass(frozen=True)
class Area:
    """All that is said of one area (or of the survey, where the codebook has no areas)."""

    key: str
    name: str
    respondents: Mapping[str, int]  # by actor, ALL first
    answers: int
    statements: int
    categories: tuple[tuple[str, str], ...]  # (code, name)
    groups: tuple[Group, ...]
    counts: Mapping[tuple[str, str, str], Count]  # (category or ALL, group, actor or ALL)
    sentences: tuple[str, ...]  # 18 regioner och 107 kommuner redovisar …; one a category
    effects: tuple[EffectColumn, ...]  # () where the codebook knows no effects
    effects_sentence: str
    levels: tuple[tuple[str, str], ...]  # (code, name) of the levels of effects, in order
    gaps: tuple[Gap, ...]
    quotes: Mapping[tuple[str, str], tuple[Quote, ...]]  # by (category, role)
    flows: tuple[Flow, ...]

    @property
    def actors(self) -> tuple[str, ...]:
        """The kinds of actors that answered, ALL left out; () if nobody's kind is known."""
        return tuple(actor for actor in self.respondents if actor != ALL)


@dataclass(frozen=True)
class Evidence:
    """A statement behind the figures, as the report shows it (personal data are masked)."""

    statement_id: str
    respondent: str
    actor: str
    area: str
    category: str  # '' where there is none
    role: str
    level: str
    flags: tuple[str, ...]
    text: str
    source: str  # machine, agreed, human
    open: bool  # still to be reviewed


@dataclass(frozen=True)
class Quality:
    """One row of the quality table; texts ready for print, '' where a figure is not known."""

    dimension: str  # name
    by_people: str  # share of statements that people decided
    expected_error: str  # of what the machine coded alone, by its own probabilities
    audited_error: str  # the same, in the random quality sample, with its interval
    agreement: str  # with hand coding, with its interval
    kappa: str
    people: str  # agreement between two people on the same material


@dataclass(frozen=True)
class Report:
    """Everything that a report shows."""

    title: str
    subtitle: str
    areas: tuple[Area, ...]
    code_names: Mapping[str, Mapping[str, str]]  # dimension → code → name
    row_name: str  # what the categories are called: Insatskategori
    column_name: str  # what the crossed dimension is called: Roll
    method: tuple[str, ...]  # paragraphs
    quality: tuple[Quality, ...]
    evidence: tuple[Evidence, ...]
    notes: tuple[str, ...]  # what the reader should know: under review, suppression, masks
    sources: tuple[tuple[str, str], ...] = field(
        default=()
    )  # (what, value): file, hashes, versions
