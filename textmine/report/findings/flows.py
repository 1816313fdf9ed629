"""The flow diagram of the logic model: what the respondents report, and what stands together.

A link says that the same answer fills both boxes. Whether one led to the other no coding can tell.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise, product

from textmine.report.findings.cells import Key
from textmine.report.findings.counts import lowered, who
from textmine.report.findings.logic import EFFECT, GOAL, Logic, role_heads
from textmine.report.findings.model import ALL, Box, Count, Flow, Link, Quote
from textmine.report.findings.said import Said
from textmine.report.findings.typical import Typical
from textmine.report.swedish import ACTOR_NOUNS, actors, joined, sentence

Place = tuple[str, str]  # category, role
_QUOTES, _WORDS = 3, 18  # in a box: how many, and words beyond which they fit it less
_NAMED = 3  # boxes and links that the description names


def flow_of(
    said: Sequence[Said],
    area: tuple[str, str],
    actor: str,
    categories: Sequence[tuple[str, str]],
    counts: Mapping[Key, Count],
    logic: Logic,
    typical: Typical,
    *,
    smallest: int = 0,
) -> Flow:
    """Draw up the flow of one kind of actor in an area.

    Parameters
    ----------
    said
        What respondents of that kind said in the area.
    area
        Code and name.
    smallest
        Links of fewer respondents are left out; so are links and quotes of hidden boxes.
    """
    filled: dict[Place, list[Said]] = {}
    for one in said:
        for place in product(one.categories, one.roles):
            filled.setdefault(place, []).append(one)
    boxes = {}
    for (code, _), role in product(categories, logic.roles):
        count = counts[code, role, actor]
        if count.counted or count.hidden:
            mine = [] if count.hidden else filled.get((code, role), [])
            quotes = typical.choose(mine, _QUOTES, longest=_WORDS) if mine else ()
            boxes[code, role] = Box(code, role, count, _shortest_first(quotes))
    links = [
        link
        for link in _links(said, [code for code, _ in categories], logic.roles)
        if link.respondents >= smallest
        and not any(boxes[end].count.hidden for end in (link.origin, link.target))
    ]
    heads = role_heads(logic.roles)
    many = ACTOR_NOUNS.get(actor, ACTOR_NOUNS[ALL])[1]
    of = counts[ALL, logic.roles[-1], actor].of
    return Flow(
        area=area[0],
        actor=actor,
        title=f"{area[1]}, {many}",
        categories=tuple(categories),
        roles=heads,
        boxes=boxes,
        links=tuple(links),
        respondents=of,
        description=_description(area[1], actor, of, categories, heads, boxes, links),
    )


def _shortest_first(quotes: Iterable[Quote]) -> tuple[Quote, ...]:
    """Keep the most typical first; of the others, those that are likely to fit."""
    listed = list(quotes)
    return (*listed[:1], *sorted(listed[1:], key=lambda q: len(q.text)))


def _links(said: Iterable[Said], categories: Sequence[str], roles: Sequence[str]) -> list[Link]:
    """Link what each answer reports, from role to role.

    Within a category each role leads to the next that the answer has. A goal or an effect whose
    category has nothing before it in that answer is linked with all that the answer has in the
    nearest role before it, whatever the category.
    """
    answers: dict[str, set[Place]] = {}
    whose: dict[str, str] = {}
    for one in said:
        places = answers.setdefault(one.answer, set())
        places |= {
            (c, r) for c, r in product(one.categories, one.roles) if c in categories and r in roles
        }
        whose[one.answer] = one.who
    by_answer: dict[tuple[Place, Place], set[str]] = {}
    for answer, places in answers.items():
        for pair in _pairs(places, categories, roles):
            by_answer.setdefault(pair, set()).add(answer)
    order = {code: at for at, code in enumerate(categories)}
    place = {role: at for at, role in enumerate(roles)}
    return [
        Link(origin, target, len({whose[a] for a in by_answer[origin, target]}),
             len(by_answer[origin, target]))
        for origin, target in sorted(
            by_answer,
            key=lambda ends: [(place[role], order[code]) for code, role in ends],
        )
    ]  # fmt: skip


def _pairs(
    places: set[Place], categories: Sequence[str], roles: Sequence[str]
) -> set[tuple[Place, Place]]:
    out = set()
    for code in categories:
        chain = [(code, role) for role in roles if (code, role) in places]
        out |= set(pairwise(chain))
        if chain and chain[0][1] in (GOAL, EFFECT):
            before = roles[: roles.index(chain[0][1])]
            for role in reversed(before):
                origins = [(other, role) for other in categories if (other, role) in places]
                if origins:
                    out |= {(origin, chain[0]) for origin in origins}
                    break
    return out


def _description(
    area: str,
    actor: str,
    of: int,
    categories: Sequence[tuple[str, str]],
    heads: Sequence[tuple[str, str]],
    boxes: Mapping[Place, Box],
    links: Sequence[Link],
) -> str:
    """Say in words what the figure shows: its largest boxes and links."""
    names, roles = dict(categories), {role: lowered(head) for role, head in heads}
    text = (
        f"Flödesschema för {lowered(area)}: {actors(of, actor)}, "
        f"från {roles[heads[0][0]]} till {roles[heads[-1][0]]}."
    )
    shown = [box for box in boxes.values() if not box.count.hidden]
    if not shown:
        return f"{text} Inga antal visas."
    largest = sorted(shown, key=lambda b: -b.count.counted)[:_NAMED]
    parts = [
        f"{roles[box.role]} inom {lowered(names[box.category])} "
        f"({who({actor: _plainly(box.count)})})"
        for box in largest
    ]
    text += f" {sentence(joined(parts))} redovisas av flest."
    widest = sorted(links, key=lambda link: -link.respondents)[:_NAMED]
    if widest:
        pairs = [
            f"{_ends(link, names, roles)} ({actors(link.respondents, actor)})" for link in widest
        ]
        text += f" I samma svar förekommer oftast {'; '.join(pairs)}."
        text += " Det betyder inte att det ena har lett till det andra."
    without = [lowered(name) for code, name in categories if (code, EFFECT) not in boxes]
    if without:
        text += f" Inga effekter redovisas inom {joined(without)}."
    return text


def _ends(link: Link, names: Mapping[str, str], roles: Mapping[str, str]) -> str:
    first, second = (roles[role] for _, role in (link.origin, link.target))
    here, there = (lowered(names[code]) for code, _ in (link.origin, link.target))
    if here == there:
        return f"{first} och {second} inom {here}"
    return f"{first} inom {here} och {second} inom {there}"


def _plainly(count: Count) -> Count:
    """A count without its bounds."""
    return Count(count.counted, count.counted, count.counted, 0, count.statements)
