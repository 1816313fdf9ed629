"""The statements behind a report's figures, in an order where those of a figure stand together."""

from collections.abc import Iterable, Mapping, Sequence

from textmine.report.findings.model import ALL, Area, Evidence, Gap, Report


class EvidenceOrder:
    """Evidence by area, category, role and actor, and where each figure's statements begin.

    Roles that are counted together, as initiatives are, follow each other.

    Attributes
    ----------
    rows
        The evidence in order; the numbers that the methods give are places in it.
    """

    def __init__(self, report: Report) -> None:
        areas = {area.key: at for at, area in enumerate(report.areas)}
        ranks = {area.key: _ranks(area) for area in report.areas}
        unknown = len(report.evidence)

        def place(one: Evidence) -> tuple[int, ...]:
            of = ranks.get(one.area, [])
            codes = zip(of, (one.category, one.role, one.actor), strict=False)
            return (areas.get(one.area, unknown), *(rank.get(c, unknown) for rank, c in codes))

        self.rows: list[Evidence] = sorted(report.evidence, key=place)  # else as it came
        self._cells: dict[tuple[str, str, str, str], int] = {}
        self._ids: dict[str, list[int]] = {}
        for at, one in enumerate(self.rows):
            self._ids.setdefault(one.statement_id, []).append(at)
            for category in {one.category, ALL}:
                for actor in {one.actor, ALL}:
                    for role in {one.role, ALL}:
                        self._cells.setdefault((one.area, category, role, actor), at)

    def of_cell(self, area: str, category: str, codes: Sequence[str], actor: str) -> int | None:
        """Find the first statement of a cell; no codes stand for any."""
        keys = [(area, category, code, actor) for code in codes or (ALL,)]
        return min((self._cells[key] for key in keys if key in self._cells), default=None)

    def of_ids(self, ids: Iterable[str], category: str = ALL, actor: str = ALL) -> int | None:
        """Find the first of some statements, if need be of one category or kind of actors."""
        found = (at for name in ids for at in self._ids.get(name, ()))
        return min(
            (
                at
                for at in found
                if category in (ALL, self.rows[at].category) and actor in (ALL, self.rows[at].actor)
            ),
            default=None,
        )

    def notes(self, areas: Iterable[Area]) -> dict[int, list[str]]:
        """Name the gaps that each statement belongs to, where their figures are shown."""
        out: dict[int, list[str]] = {}
        for area in areas:
            for gap in area.gaps:
                for name in dict.fromkeys(gap.statement_ids):
                    for at in self._ids.get(name, ()):
                        if self.rows[at].area == area.key and not _is_hidden(gap, self.rows[at]):
                            out.setdefault(at, []).append(gap.name)
        return out


def _ranks(area: Area) -> list[Mapping[str, int]]:
    """Give places to an area's categories, roles and actors."""
    codes = dict.fromkeys(code for group in area.groups for code in group.codes)
    return [
        {code: at for at, (code, _) in enumerate(area.categories)},
        {code: at for at, code in enumerate(codes)},
        {actor: at for at, actor in enumerate(area.actors)},
    ]


def _is_hidden(gap: Gap, one: Evidence) -> bool:
    cells = [(category, actor) for category in (one.category, ALL) for actor in (one.actor, ALL)]
    return any(gap.counts[cell].hidden for cell in cells if cell in gap.counts)
