"""One cell in two surveys: its figures in either, and what changed."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Side:
    """One survey's figures of a cell."""

    counted: int
    certain: int
    of: int
    statements: int
    estimate: float
    low: float
    high: float

    @property
    def share(self) -> float | None:
        """Of the respondents of that kind with any statement in the area, as coded."""
        return self.counted / self.of if self.of else None


@dataclass(frozen=True)
class Span:
    """A change, corrected for errors of coding, with its 95 % interval."""

    value: float
    low: float
    high: float

    @property
    def sure(self) -> bool:
        """Whether it is larger than errors of coding can explain."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True)
class Change:
    """A cell in both surveys.

    Attributes
    ----------
    area, category, group, actor
        Keys; `ALL` for all categories or kinds together. Without areas '' is the survey.
    respondents, share, statements
        Corrected changes: in number of respondents, in their share (None where a survey has no
        respondents of that kind in the area), in number of statements.
    panel
        Respondents of the area in both surveys; None where they cannot be recognised.
    """

    area: str
    category: str
    group: str
    actor: str
    earlier: Side
    later: Side
    respondents: Span
    share: Span | None
    statements: Span
    panel: "PanelChange | None"

    @property
    def counted(self) -> int:
        """Change in number of respondents, as coded."""
        return self.later.counted - self.earlier.counted

    @property
    def marked(self) -> bool:
        """Whether the number of respondents changed more than errors of coding can explain.

        Where nobody of the kind answered in one of the surveys there is nothing to compare.
        """
        return self.share is not None and self.respondents.sure

    @property
    def clear(self) -> bool:
        """Whether their share changed likewise, so that it is not just that more answered."""
        if not self.marked or self.share is None or not self.share.sure:
            return False
        return (self.share.value > 0) == (self.respondents.value > 0)

    @property
    def filled(self) -> bool:
        """Whether anybody is in the cell in either survey."""
        return bool(self.earlier.counted or self.later.counted)


@dataclass(frozen=True)
class PanelChange:
    """The same of those who are in both surveys."""

    of: int
    earlier: int
    later: int
    respondents: Span


def figures_of(cell: Change) -> dict[str, object]:
    """All figures of a cell, as a row of a table."""
    share, panel = cell.share, cell.panel
    return {
        "area": cell.area,
        "category": cell.category,
        "group": cell.group,
        "actor": cell.actor,
        **{f"earlier_{key}": value for key, value in _of_side(cell.earlier).items()},
        **{f"later_{key}": value for key, value in _of_side(cell.later).items()},
        "counted_change": cell.counted,
        "change": cell.respondents.value,
        "low": cell.respondents.low,
        "high": cell.respondents.high,
        "share_change": share.value if share else None,
        "share_low": share.low if share else None,
        "share_high": share.high if share else None,
        "statements_change": cell.statements.value,
        "statements_low": cell.statements.low,
        "statements_high": cell.statements.high,
        "panel_of": panel.of if panel else None,
        "panel_earlier": panel.earlier if panel else None,
        "panel_later": panel.later if panel else None,
        "panel_change": panel.respondents.value if panel else None,
        "panel_low": panel.respondents.low if panel else None,
        "panel_high": panel.respondents.high if panel else None,
        "marked": cell.marked,
        "clear": cell.clear,
    }


def _of_side(side: Side) -> dict[str, object]:
    return {
        "counted": side.counted,
        "certain": side.certain,
        "of": side.of,
        "statements": side.statements,
        "estimate": side.estimate,
        "low": side.low,
        "high": side.high,
    }
