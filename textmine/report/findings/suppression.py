"""Which counts to hide so that no small one is shown, nor can be reckoned from those that are.

A count is small if it is not zero and below a limit. A reader knows more than the small count's
cell: that all actors are the sum of the kinds, that whoever reports an activity or an output
reports an initiative, that whoever lacks a goal is one of those with initiatives. What such a
reader can conclude is worked out for each hidden count: first rule by rule, then by all rules
together (`reckoning`). As long as one comes down to a single number, its label says less or
another count beside it is hidden too.
"""

from collections.abc import Collection, Mapping, Sequence

from textmine.report.findings.model import Count
from textmine.report.findings.reckoning import Cover, Interval, Key, Rule, Sum, Within, narrow

WITHHELD = "visas inte"  # the label of a count that would give a small one away
_COUNTED, _LEAST, _MOST = range(3)


def few(smallest: int) -> str:
    """The label of a small count."""
    return f"färre än {smallest}"


def conceal(
    counts: Mapping[Key, Count],
    rules: Sequence[Rule],
    smallest: int,
    *,
    withheld: Collection[Key] = (),
    precious: Collection[Key] = (),
) -> dict[Key, Count]:
    """Hide small counts, and others as far as these need it.

    Parameters
    ----------
    counts
        All that would be shown.
    rules
        What readers know of them.
    smallest
        Counts below this are small.
    withheld
        Counts to be hidden in any case.
    precious
        Those that readers miss most: of two counts that would do, the other is hidden.
    """
    rules = [rule for rule in rules if _holds(rule, counts)]
    labels = {key: few(smallest) for key, c in counts.items() if 0 < c.counted < smallest}
    labels |= dict.fromkeys(withheld, WITHHELD)
    beside: dict[Key, set[Key]] = {key: set() for key in counts}
    for rule in rules:
        members = _members(rule)
        for key in members:
            beside[key] |= set(members) - {key}
    order = {key: at for at, key in enumerate(counts)}

    def rank(key: Key) -> tuple[bool, bool, int, int]:
        """The first of several is hidden: a filled one, and the smallest of those."""
        return (not counts[key].counted, key in precious, counts[key].counted, order[key])

    while told := _told(counts, rules, labels, smallest):
        before = dict(labels)
        new: set[Key] = set()
        for key in told:
            if beside[key] & new:  # may be safe by now
                continue
            if labels[key] != WITHHELD:  # often it is enough not to say that it is small
                labels[key] = WITHHELD
            elif shown := _nearest(key, beside, labels):
                new.add(min(shown, key=rank))
                labels |= dict.fromkeys(new, WITHHELD)
        if labels == before:  # no rule leads to them: nothing is left to hide
            break
    return {
        key: Count(0, 0, 0, count.of, 0, hidden=True, label=labels[key]) if key in labels else count
        for key, count in counts.items()
    }


def _nearest(key: Key, beside: Mapping[Key, set[Key]], labels: Collection[Key]) -> list[Key]:
    """Find the counts still shown that the fewest rules part from a hidden one."""
    reached, edge = {key}, {key}
    while edge:
        edge = {other for one in edge for other in beside[one]} - reached
        if shown := [other for other in edge if other not in labels]:
            return shown
        reached |= edge
    return []


def _told(
    counts: Mapping[Key, Count], rules: Sequence[Rule], labels: Mapping[Key, str], smallest: int
) -> list[Key]:
    """List the small counts that a reader could tell."""
    ranges = [_ranges(counts, rules, labels, smallest, figure) for figure in range(3)]
    between = {
        key: (
            max(ranges[_COUNTED][key][0], ranges[_LEAST][key][0]),
            min(ranges[_COUNTED][key][1], ranges[_MOST][key][1]),
        )
        for key in counts
    }
    small = [key for key in labels if 0 < counts[key].counted < smallest]
    told = [key for key in small if between[key][0] >= between[key][1]]
    return told or narrow(small, rules, between)


def _ranges(
    counts: Mapping[Key, Count],
    rules: Sequence[Rule],
    labels: Mapping[Key, str],
    smallest: int,
    figure: int,
) -> dict[Key, Interval]:
    """Work out between which numbers each count must lie, for a reader."""
    out: dict[Key, Interval] = {}
    for key, count in counts.items():
        number = (count.counted, count.least, count.most)[figure]
        if key not in labels:
            out[key] = (number, number)
        elif labels[key] == WITHHELD:
            out[key] = (0, count.of)
        else:
            low, high = ((1, smallest - 1), (0, smallest - 1), (1, count.of))[figure]
            out[key] = (low, min(high, count.of))
    changed = True
    while changed:
        changed = False
        for rule in rules:
            if figure != _COUNTED and not isinstance(rule, Sum) and not rule.bounds_too:
                continue
            for key, (low, high) in _narrowed(rule, out):
                old = out[key]
                new = (max(old[0], low), min(old[1], high))
                # A rule that does not hold of this figure (some have no category) is not pursued.
                if new != old and new[0] <= new[1]:
                    out[key] = new
                    changed = True
    return out


def _narrowed(rule: Rule, at: Mapping[Key, Interval]) -> list[tuple[Key, Interval]]:
    """What a rule says of each of its members, given the others."""
    many = 1 << 30
    if isinstance(rule, Within):
        return [(rule.part, (0, at[rule.whole][1])), (rule.whole, (at[rule.part][0], many))]
    lows, highs = (sum(at[part][end] for part in rule.parts) for end in (0, 1))
    if isinstance(rule, Cover):
        low, high = at[rule.whole]
        return [
            (rule.whole, (0, highs)),
            *((part, (low - highs + at[part][1], many)) for part in rule.parts),
        ]
    low, high = at[rule.total]
    return [
        (rule.total, (lows - rule.twice, highs + rule.outside)),
        *(
            (
                part,
                (
                    low - rule.outside - highs + at[part][1],
                    high + rule.twice - lows + at[part][0],
                ),
            )
            for part in rule.parts
        ),
    ]


def _holds(rule: Rule, counts: Mapping[Key, Count]) -> bool:
    """Whether a rule is true of a survey: some statements have no category, say."""
    here = {key: (counts[key].counted, counts[key].counted) for key in _members(rule)}
    return all(low <= counts[key].counted <= high for key, (low, high) in _narrowed(rule, here))


def _members(rule: Rule) -> tuple[Key, ...]:
    if isinstance(rule, Sum):
        return (rule.total, *rule.parts)
    if isinstance(rule, Cover):
        return (rule.whole, *rule.parts)
    return (rule.part, rule.whole)
