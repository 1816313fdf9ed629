"""Draws of counts in the cells that reports show: by kind of actor, and with roles together.

What `estimate_counts` sums up is kept draw by draw here, so that two surveys can be set side by
side: the difference of their draws has the errors of both.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from textmine.codebook import Codebook
from textmine.review.counts.counting import UNITS, CellTable, coded_pairs, respondents_of
from textmine.review.counts.error_model import Flags, Floats, Places
from textmine.review.counts.estimates import MODEL, SAMPLE
from textmine.review.counts.imputation import Codes, Imputation

ALL = ""  # any row, or any kind of actor
EVERYBODY, PANEL = 0, 1  # places of the populations

Tallies = npt.NDArray[np.int32]


@dataclass(frozen=True)
class DrawnCounts:
    """Counts of respondents and statements in every draw.

    Attributes
    ----------
    contexts, rows, groups, kinds
        What the cells are of, in the order of the arrays' axes; the first of `rows` and of `kinds`
        is `ALL`: each respondent once.
    counted, certain
        (populations, units, kinds, contexts, rows, groups): as coded now, and without what was
        flagged and not decided. Populations: everybody, and those of the panel, if one was given.
    drawn
        (draws, and the same).
    of
        (populations, units, kinds, contexts): how many there are.
    who
        Context and name of each respondent.
    now, likely
        (respondents, rows, groups): whether a respondent is in a cell as coded now, and in what
        share of the draws.
    audited
        Whether a quality sample tells of the machine's errors.
    """

    contexts: list[str]
    rows: list[str]
    groups: list[str]
    kinds: list[str]
    counted: Tallies
    certain: Tallies
    drawn: Tallies
    of: Tallies
    who: list[tuple[str, str]]
    now: Flags
    likely: Floats
    audited: bool

    @property
    def basis(self) -> str:
        """What the draws rest on, as `estimate_counts` says it."""
        return SAMPLE if self.audited else MODEL


def draw_counts(
    statements: pd.DataFrame,
    codebook: Codebook,
    groups: Mapping[str, Collection[str] | None],
    *,
    by: str | None = None,
    panel: Flags | None = None,
    draws: int = 400,
    seed: int = 0,
) -> DrawnCounts:
    """Count the cells as coded now and in every draw of the machine's errors.

    Parameters
    ----------
    statements, codebook, draws, seed
        As for `estimate_counts`.
    groups
        Codes of the crossed dimension that are counted together, by the group's key; None for all
        statements, whatever they are coded as.
    by
        Column of the kind of respondent, such as `actor`; left aside if the table lacks it.
    panel
        Statements of respondents who are counted by themselves as well.
    """
    known = Imputation.read(statements, codebook, CellTable.read(statements, codebook).names)
    return count_draws(
        statements,
        codebook,
        groups,
        known.codes,
        known.draw(known.open, draws, seed),
        uncertain=known.open & known.flagged,
        by=by,
        panel=panel,
        draws=draws,
        audited=known.audited,
    )


def count_draws(
    statements: pd.DataFrame,
    codebook: Codebook,
    groups: Mapping[str, Collection[str] | None],
    codes: Codes,
    drawn_codes: Iterable[Codes],
    *,
    uncertain: Flags,
    draws: int,
    by: str | None = None,
    panel: Flags | None = None,
    audited: bool = True,
) -> DrawnCounts:
    """Count the cells under codes that were drawn by other means.

    Parameters
    ----------
    codes, drawn_codes
        As they are now, and `draws` times (or once, if nothing is open).
    uncertain
        Statements that the certain counts leave out.
    statements, codebook, groups, by, panel
        As for `draw_counts`.
    """
    cells = _Cells.read(statements, codebook, groups, by, panel)
    now = np.zeros(cells.n_who * cells.n_cells, np.int32)
    counted = cells.count(codes, now=now)
    certain = cells.count(codes, keep=~uncertain)
    likely = np.zeros_like(now)
    drawn = [cells.count(some, now=likely) for some in drawn_codes]
    n = len(drawn)
    shape = (cells.n_who, len(cells.rows), len(groups))
    return DrawnCounts(
        contexts=cells.table.contexts,
        rows=cells.rows,
        groups=list(groups),
        kinds=[ALL, *cells.kinds],
        counted=counted,
        certain=certain,
        # Where nothing is open there is one draw, which stands for all.
        drawn=np.stack(drawn) if n == draws else np.repeat(drawn[0][None], draws, axis=0),
        of=cells.sizes(),
        who=cells.names,
        now=now.reshape(shape) > 0,
        likely=likely.reshape(shape) / n,
        audited=audited,
    )


@dataclass(frozen=True)
class _Cells:
    """The cells of a table, and where each statement and respondent stands."""

    table: CellTable
    rows: list[str]
    groups: npt.NDArray[np.bool_]  # (codes of the crossed dimension + none, groups)
    kinds: list[str]
    names: list[tuple[str, str]]
    kind: Places  # of each statement; one beyond the last where it is not known
    who: Places  # number of each statement's respondent of a kind, in the context
    home: Places  # of each such number: its kind and context as one number
    panel: Flags | None

    @staticmethod
    def read(
        statements: pd.DataFrame,
        codebook: Codebook,
        groups: Mapping[str, Collection[str] | None],
        by: str | None,
        panel: Flags | None,
    ) -> "_Cells":
        table = CellTable.read(statements, codebook)
        crossed = codebook.dimensions[table.layout.columns].codes if table.layout.columns else {}
        member = np.array(
            [[own is None or code in own for own in groups.values()] for code in [*crossed, None]],
            np.bool_,
        )
        kinds, kind = _kinds(statements, by)
        where = kind * len(table.contexts) + table.where
        names = respondents_of(statements)
        who, pairs = pd.factorize(pd.MultiIndex.from_arrays([where, names]))
        home = np.array([place for place, _ in pairs], np.intp)
        _, first = np.unique(table.who, return_index=True)
        shown = [(table.contexts[table.where[at]], str(names[at]).split(" ", 1)[1]) for at in first]
        rows = [ALL, *codebook.dimensions[table.layout.rows].codes]
        return _Cells(table, rows, member, kinds, shown, kind, who.astype(np.intp), home, panel)

    @property
    def n_cells(self) -> int:
        return len(self.rows) * int(self.groups.shape[1])

    @property
    def n_who(self) -> int:
        return len(self.table.home)

    def sizes(self) -> Tallies:
        """(populations, units, kinds, contexts): how many respondents and statements there are."""
        everything = np.arange(len(self.kind))
        found = self._tally(everything, np.zeros_like(everything), 1, None)
        return found[..., 0]

    def count(
        self, codes: Codes, *, keep: Flags | None = None, now: Tallies | None = None
    ) -> Tallies:
        """Count the cells under some codes, and note in `now` who is in them."""
        statement, row = coded_pairs(codes[self.table.layout.rows])
        coded = row < len(self.rows) - 1
        everything = np.arange(len(self.kind))
        statement = np.concatenate([everything, statement[coded]])
        row = np.concatenate([np.zeros_like(everything), row[coded] + 1])
        if keep is not None:
            statement, row = statement[keep[statement]], row[keep[statement]]
        pair, group = np.nonzero(self._member(codes)[statement])
        n_groups = self.groups.shape[1]
        found = self._tally(statement[pair], row[pair] * n_groups + group, self.n_cells, now)
        return found.reshape(*found.shape[:-1], len(self.rows), n_groups)

    def _member(self, codes: Codes) -> Flags:
        """(statements, groups): which groups a statement belongs to."""
        if self.table.layout.columns is None:
            return np.repeat(self.groups[-1:], len(self.kind), axis=0)
        given = codes[self.table.layout.columns]
        if given.ndim == 1:
            member: Flags = self.groups[given.astype(np.intp)]
            return member
        whole = np.hstack([given, ~given.any(axis=1, keepdims=True)]).astype(np.intp)
        return (whole @ self.groups.astype(np.intp)) > 0

    def _tally(self, statement: Places, cell: Places, n: int, now: Tallies | None) -> Tallies:
        """Count (populations, units, kinds, contexts, cells)."""
        once = _distinct(self.table.who[statement] * n + cell)
        if now is not None:
            now[once] += 1
        apart = _distinct(self.who[statement] * n + cell)
        populations = [None] if self.panel is None else [None, self.panel]
        return np.stack(
            [self._population(panel, once, apart, statement, cell, n) for panel in populations]
        )

    def _population(
        self,
        panel: Flags | None,
        once: Places,
        apart: Places,
        statement: Places,
        cell: Places,
        n: int,
    ) -> Tallies:
        if panel is not None:
            once = once[_any(panel, self.table.who, len(self.table.home))[once // n]]
            apart = apart[_any(panel, self.who, len(self.home))[apart // n]]
            statement, cell = statement[panel[statement]], cell[panel[statement]]
        contexts, kinds = len(self.table.contexts), len(self.kinds)
        shape = (contexts, n)
        total = (kinds + 1) * contexts * n  # the last for those of no known kind

        def by_kind(at: Places) -> npt.NDArray[np.intp]:
            return np.bincount(at, minlength=total).reshape(kinds + 1, *shape)

        everybody = np.bincount(
            self.table.home[once // n] * n + once % n, minlength=contexts * n
        ).reshape(shape)
        respondents = by_kind(self.home[apart // n] * n + apart % n)[:kinds]
        place = self.kind[statement] * contexts + self.table.where[statement]
        said = by_kind(place * n + cell)
        units = {
            UNITS[0]: np.concatenate([everybody[None], respondents]),
            UNITS[1]: np.concatenate([said.sum(axis=0)[None], said[:kinds]]),
        }
        return np.stack([units[unit] for unit in UNITS]).astype(np.int32)


def _kinds(statements: pd.DataFrame, by: str | None) -> tuple[list[str], Places]:
    """List the kinds of respondents in a fixed order, and give each statement's place."""
    if by is None or by not in statements:
        return [], np.zeros(len(statements), np.intp)
    column = statements[by].astype("string")
    kinds: Sequence[str] = sorted(set(column.dropna()))
    place = {kind: i for i, kind in enumerate(kinds)}
    return list(kinds), np.array([len(kinds) if pd.isna(v) else place[v] for v in column], np.intp)


def _distinct(numbers: Places) -> Places:
    numbers = np.sort(numbers)
    distinct: Places = numbers[np.diff(numbers, prepend=-1) > 0]
    return distinct


def _any(flags: Flags, who: Places, n: int) -> Flags:
    """Who has any statement that is flagged."""
    out = np.zeros(n, np.bool_)
    out[who[flags]] = True
    return out
