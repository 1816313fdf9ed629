"""The earlier survey expressed as the later one was coded: by its model, or by way of a bridge."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from textmine.coding.coder import Coder
from textmine.comparing.breaks import same_codes, same_model
from textmine.comparing.bridge_sheet import Coded
from textmine.comparing.cell import Change
from textmine.comparing.changes import ACTOR, Changes, compare_counts, in_panel, put_together
from textmine.comparing.crosswalk import Crosswalk
from textmine.comparing.year import BY_MACHINE, SurveyYear
from textmine.report.findings.logic import Logic, groups_of
from textmine.review.counts.drawn import ALL, DrawnCounts, count_draws
from textmine.review.results import FLAGGED
from textmine.shipped import CODER_FILE, find_model
from textmine.tables import NOVELTY, REVIEW, SOURCE, dimension_columns

BY_MODEL, BY_BRIDGE = "model", "bridge"


@dataclass(frozen=True)
class Mended:
    """The comparison with the break in the series taken away.

    Attributes
    ----------
    how
        `BY_MODEL`: the later survey's model coded the earlier one's statements; what people had
        decided stands. `BY_BRIDGE`: by a crosswalk from a sample that a person coded again.
    changes
        Earlier figures are those expressed anew; counts of a bridge are means of its draws.
    before, after
        Sum over cells (area, category, role; all respondents) of how much their number of
        respondents changed: as coded, and mended. Only cells that both have.
    crosswalk
        None but for a bridge.
    """

    how: str
    changes: Changes
    before: float
    after: float
    crosswalk: Crosswalk | None = None

    @property
    def gone(self) -> float:
        """Share of the change that goes away; negative if mending makes it larger."""
        return 1 - self.after / self.before if self.before else 0.0


def can_recode(earlier: SurveyYear, later: SurveyYear) -> bool:
    """Tell whether the models differ, the codes do not, and the later model is to be had."""
    name = str((later.run.get("model") or {}).get("name") or "")
    return (
        not same_model(earlier.run, later.run)
        and same_codes(earlier.codebook, later.codebook)
        and bool(name)
        and find_model(name, CODER_FILE) is not None
    )


def mend_by_model(
    earlier: SurveyYear, later: SurveyYear, changes: Changes, *, draws: int, seed: int
) -> Mended:
    """Let the later survey's model code the earlier one's statements."""
    anew = recoded(earlier, later)
    mended = compare_counts(anew, later, draws=draws, seed=seed)
    return Mended(BY_MODEL, mended, *_sums(changes, mended))


def recoded(earlier: SurveyYear, later: SurveyYear) -> SurveyYear:
    """Give the earlier survey with the later model's codes where nobody has decided."""
    coder = Coder.load(later.run["model"]["name"])
    coder.set_params(error_budget=earlier.run["options"]["error_budget"])
    table = earlier.statements
    texts = dict(zip(earlier.answers["answer_id"], earlier.answers["text"], strict=True))
    whole = [texts.get(answer) for answer in table["answer_id"]]
    carried = [c for c in table if c in earlier.answers and c != "text"]
    plain = table[["statement_id", *carried, "start", "end"]].assign(
        answer_text=pd.Series(whole, table.index, dtype=object),
        text=[
            text[start:end] if isinstance(text, str) else shown
            for text, start, end, shown in zip(
                whole, table["start"], table["end"], table["text"], strict=True
            )
        ],
    )
    coded = coder.predict(plain)
    machine = (table[SOURCE] == BY_MACHINE).to_numpy(np.bool_)
    out = table.copy()
    for name in later.codebook.dimensions:
        code, prob, second, second_prob = dimension_columns(name)
        out[f"{name}_machine"] = pd.Series(coded[code].to_numpy(object), dtype=object)
        out[f"{name}_machine_prob"] = coded[prob].to_numpy()
        for column in (code, prob, second, second_prob):
            kept = table[column].astype(object).to_numpy()
            new = np.empty(len(out), object)
            new[:] = [b if m else a for a, b, m in zip(kept, coded[column], machine, strict=True)]
            out[column] = new if column in (code, second) else pd.to_numeric(pd.Series(new))
    # Decided statements were chosen by what the earlier model flagged, open ones are open anew.
    out[FLAGGED] = np.where(machine, coded[REVIEW].to_numpy(), table[FLAGGED].to_numpy())
    out[NOVELTY] = coded[NOVELTY].to_numpy()
    return replace(earlier, codebook=later.codebook, run=later.run, statements=out)


def mend_by_bridge(
    earlier: SurveyYear,
    later: SurveyYear,
    changes: Changes,
    coded: Sequence[Coded],
    *,
    seed: int,
) -> Mended:
    """Express the earlier survey in the later one's codes by what a person coded again."""
    draws = len(changes.later.drawn)
    crosswalk = Crosswalk.learn(earlier, later, coded)
    groups = groups_of(later.codebook, Logic.of(later.codebook))
    codes = list(crosswalk.draw(draws, earlier.seed(seed)))
    nobody = np.zeros(len(earlier.statements), np.bool_)
    drawn = count_draws(
        earlier.statements,
        later.codebook,
        {group.key: group.codes or None for group in groups},
        codes[0],
        codes,
        uncertain=nobody,
        draws=draws,
        by=ACTOR,
        panel=in_panel(earlier, later),
    )
    mean = np.rint(drawn.drawn.mean(axis=0)).astype(np.int32)
    certain = drawn.drawn.min(axis=0)
    drawn = replace(drawn, counted=mean, certain=certain, now=drawn.likely > 1 / 2)
    anew = replace(earlier, codebook=later.codebook)
    after = _regrouped(changes.later, [group.key for group in groups])
    mended = put_together(anew, later, drawn, after, groups=groups)
    return Mended(BY_BRIDGE, mended, *_sums(changes, mended), crosswalk)


def _regrouped(drawn: DrawnCounts, keys: Sequence[str]) -> DrawnCounts:
    """Keep some groups, in another order."""
    at = [drawn.groups.index(key) for key in keys]
    return replace(
        drawn,
        groups=list(keys),
        counted=drawn.counted[..., at],
        certain=drawn.certain[..., at],
        drawn=drawn.drawn[..., at],
        now=drawn.now[..., at],
        likely=drawn.likely[..., at],
    )


def _sums(changes: Changes, mended: Changes) -> tuple[float, float]:
    """How much the cells that both have changed, as coded and mended."""
    pairs = [
        (cell, other)
        for cell in single_cells(changes.cells)
        if (other := mended.cell(cell.area, cell.category, cell.group)) is not None
    ]
    return (
        float(sum(abs(cell.counted) for cell, _ in pairs)),
        float(sum(abs(other.counted) for _, other in pairs)),
    )


def single_cells(cells: Iterable[Change]) -> list[Change]:
    """Choose the cells of one category and all kinds of respondents; each role by itself."""
    return [c for c in cells if c.actor == ALL and c.category != ALL and c.group != "insats"]
