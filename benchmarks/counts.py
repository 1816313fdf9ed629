"""Counts corrected for the machine's error: how near the truth, and how often the interval has it.

    python benchmarks/counts.py        (half an hour)

The shipped coder codes the test part of `corpora/answers-2020.jsonl` and the answers of 2021 and
2022, statements as they were divided by hand; it saw none of them. People review what is flagged
(all of it, the more doubtful half, or nothing), and a random quality sample of what was coded
alone; their decisions are the hand codes. Truth: the counts of the hand codes. Twenty samples of
each size.

First table: cells of area × category (× role), of those that hold anything in truth or as counted;
mean absolute error of the counts as they stand and as estimated, share of cells whose 95 % interval
holds the truth, its mean width, both over respondents and statements. Second: statements by role
and by area and category, everything flagged reviewed, beside rivals that know the same sample: the
difference estimator (prediction-powered inference, Angelopoulos et al. 2023), also on the machine's
two highest probabilities instead of its codes, and with its weight tuned (PPI++); Rogan & Gladen
(1978), a code at a time; the calibration estimator (Kloos et al. 2021). Third: what the stopping
rule foresaw, and what reviewing the rest then changed.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from textmine.codebook import Codebook
from textmine.coding.coded import read_coded
from textmine.coding.coder import Coder
from textmine.report.summary import Layout
from textmine.review.counts.estimates import estimate_counts, stability
from textmine.tables import REVIEW, dimension_columns

CORPORA = Path(__file__).parents[1] / "corpora"
SETS = ("2020", "2021", "2022")
SAMPLES = (0, 50, 100, 200)
REVIEWED = (0.0, 0.5, 1.0)  # share of the flagged, the most doubtful first
ROUNDS, DRAWS, RESAMPLES = 20, 200, 200
CELL = ["context", "row", "column", "unit"]
Estimate = tuple[np.ndarray, np.ndarray, np.ndarray]  # number, low, high


def coded(year: str, coder: Coder) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Statements as the machine codes them, and as the hand did."""
    codebook = coder.require_codebook()
    hand = read_coded(CORPORA / f"answers-{year}.jsonl", codebook)
    if year == "2020":
        hand = hand[hand["part"] == "test"].reset_index(drop=True)
    return coder.predict(hand.drop(columns=list(codebook.dimensions))), hand


def review(
    machine: pd.DataFrame,
    hand: pd.DataFrame,
    codebook: Codebook,
    decided: np.ndarray,
    audited: np.ndarray,
) -> pd.DataFrame:
    """The table of statements after people decided some, as the hand codes have it."""
    out = machine.assign(flagged=machine[REVIEW], audited=audited)
    out["source"] = np.where(decided, "human", "machine")
    for name in codebook.dimensions:
        code, prob, second, second_prob = dimension_columns(name)
        out[f"{name}_machine"], out[f"{name}_machine_prob"] = machine[code], machine[prob]
        out[code] = machine[code].astype(object).where(~decided, hand[name].astype(object))
        for column in (prob, second, second_prob):
            out[column] = machine[column].where(~decided)
    return out


def doubtful(machine: pd.DataFrame, share: float) -> np.ndarray:
    """The most doubtful share of the flagged statements."""
    flagged = np.flatnonzero(machine[REVIEW])
    doubt = machine[["role_prob", "category_prob"]].min(axis=1).fillna(0.0).to_numpy()[flagged]
    out = np.zeros(len(machine), np.bool_)
    out[flagged[np.argsort(doubt, kind="stable")[: round(share * len(flagged))]]] = True
    return out


def sample(machine: pd.DataFrame, n: int, rng: np.random.Generator) -> np.ndarray:
    """A random quality sample of what was coded alone."""
    out = np.zeros(len(machine), np.bool_)
    out[rng.choice(np.flatnonzero(~machine[REVIEW]), n, replace=False)] = True
    return out


def cells(year: str, machine: pd.DataFrame, hand: pd.DataFrame, codebook: Codebook) -> None:
    everything = np.ones(len(hand), np.bool_)
    truth = estimate_counts(
        review(machine, hand, codebook, everything, everything), codebook
    ).set_index(CELL)["counted"]
    for share in REVIEWED:
        for n in SAMPLES:
            found = []
            for round_ in range(ROUNDS if n else 1):
                audited = sample(machine, n, np.random.default_rng(round_))
                decided = audited | doubtful(machine, share)
                table = estimate_counts(
                    review(machine, hand, codebook, decided, audited), codebook, draws=DRAWS
                )
                table["truth"] = (
                    truth.reindex(pd.MultiIndex.from_frame(table[CELL])).fillna(0).to_numpy()
                )
                found.append(table[(table["counted"] > 0) | (table["truth"] > 0)])
            table = pd.concat(found)
            for unit, rows in table.groupby("unit"):
                held = rows["truth"].between(rows["low"], rows["high"])
                print(
                    f"{year:<6}{unit:<13}{share:>9.0%}{n:>8}"
                    f"{(rows['counted'] - rows['truth']).abs().mean():>9.2f}"
                    f"{(rows['estimate'] - rows['truth']).abs().mean():>10.2f}"
                    f"{(rows['counted'] - rows['truth']).mean():>9.2f}"
                    f"{(rows['estimate'] - rows['truth']).mean():>9.2f}"
                    f"{held.mean():>10.1%}{(rows['high'] - rows['low']).mean():>8.2f}",
                    flush=True,
                )


def indicators(labels: np.ndarray, classes: list[str]) -> np.ndarray:
    return (labels[:, None] == np.array(classes, object)).astype(float)


def difference(said: np.ndarray, true: np.ndarray, seen: np.ndarray, *, tuned: bool) -> Estimate:
    """Machine's total plus the sample's mean difference; `tuned`: as far as it is to be trusted."""
    n, whole = int(seen.sum()), len(said)
    one, two = said[seen], true[seen]
    trust = np.ones(said.shape[1])
    if tuned:
        spread = one.var(axis=0)
        covariance = ((one - one.mean(axis=0)) * (two - two.mean(axis=0))).mean(axis=0)
        trust = np.clip(covariance / np.where(spread > 0, spread, np.inf), 0, 1)
    gap = two - trust * one
    number = trust * said.sum(axis=0) + whole * gap.mean(axis=0)
    error = 1.96 * whole * np.sqrt(gap.var(axis=0, ddof=1) / n * (1 - n / whole))
    return number, number - error, number + error


def resampled(
    how: Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray],
    said: np.ndarray,
    true: np.ndarray,
    seen: np.ndarray,
) -> Estimate:
    """An estimator with its bootstrap interval."""
    rng = np.random.default_rng(0)
    rows = np.flatnonzero(seen)
    drawn = [
        how(said, said[chosen], true[chosen])
        for chosen in (rng.choice(rows, len(rows)) for _ in range(RESAMPLES))
    ]
    return (
        how(said, said[rows], true[rows]),
        np.quantile(drawn, 0.025, axis=0),
        np.quantile(drawn, 0.975, axis=0),
    )


def rogan_gladen(said: np.ndarray, one: np.ndarray, two: np.ndarray) -> np.ndarray:
    """Correct each code's total by its sensitivity and specificity, where both are known."""
    with np.errstate(divide="ignore", invalid="ignore"):
        sensitivity = (one * two).sum(axis=0) / two.sum(axis=0)
        specificity = ((1 - one) * (1 - two)).sum(axis=0) / (1 - two).sum(axis=0)
        share = (said.mean(axis=0) + specificity - 1) / (sensitivity + specificity - 1)
    share = np.where(np.isfinite(share), np.clip(share, 0, 1), said.mean(axis=0))
    return len(said) * share


def calibration(said: np.ndarray, one: np.ndarray, two: np.ndarray) -> np.ndarray:
    """Share out each machine code's total as its sampled statements are; unsampled: as it is."""
    confusion = one.T @ two
    seen = confusion.sum(axis=1, keepdims=True)
    shares = np.where(seen > 0, confusion / np.maximum(seen, 1), np.eye(said.shape[1]))
    return said.sum(axis=0) @ shares


def ours(table: pd.DataFrame, codebook: Codebook, classes: list[str]) -> Estimate:
    found = estimate_counts(table, codebook, draws=DRAWS)
    found = found[(found["unit"] == "statements") & (found["column"] == "")]
    names = found["context"].where(found["context"] == "", found["context"] + "/") + found["row"]
    found = found.set_index(names).reindex(classes, fill_value=0)
    return tuple(found[c].to_numpy(float) for c in ("estimate", "low", "high"))  # type: ignore[return-value]


def rivals(year: str, machine: pd.DataFrame, hand: pd.DataFrame, codebook: Codebook) -> None:
    role = codebook.model_copy(update={"dimensions": {"role": codebook.dimensions["role"]}})
    area = machine["area"].map(lambda value: codebook.resolve("area", value))
    flagged = machine[REVIEW].to_numpy(bool)
    for what, book in (("role", role), ("area × category", codebook)):
        name = Layout.of(book).rows
        prefix = "" if what == "role" else area + "/"
        code, second, right = (
            (prefix + column.astype(object).fillna("")).to_numpy(object)
            for column in (machine[name], machine[f"{name}_second"], hand[name])
        )
        classes = sorted(set(code) | set(right))
        said, next_, true = (indicators(one, classes)[~flagged] for one in (code, second, right))
        prob, second_prob = (
            machine.loc[~flagged, f"{name}{end}"].to_numpy(float)[:, None]
            for end in ("_prob", "_second_prob")
        )
        likely = np.nan_to_num(prob, nan=1.0) * said + np.nan_to_num(second_prob) * next_
        certain = indicators(right, classes)[flagged].sum(axis=0)
        truth = certain + true.sum(axis=0)
        scores: dict[tuple[str, int], list[list[float]]] = {}
        for n in SAMPLES[1:]:
            for round_ in range(ROUNDS):
                audited = sample(machine, n, np.random.default_rng(round_))
                seen = audited[~flagged]
                counted = said.sum(axis=0) + (true - said)[seen].sum(axis=0)
                ways = {
                    "as counted": (counted, counted, counted),
                    "difference (PPI)": difference(said, true, seen, tuned=False),
                    "difference on probabilities": difference(likely, true, seen, tuned=False),
                    "difference, tuned (PPI++)": difference(said, true, seen, tuned=True),
                    "Rogan–Gladen": resampled(rogan_gladen, said, true, seen),
                    "calibration (Kloos et al.)": resampled(calibration, said, true, seen),
                }
                ways = {way: tuple(x + certain for x in found) for way, found in ways.items()}
                table = review(machine, hand, book, audited | flagged, audited)
                ways["textmine"] = ours(table, book, classes)
                for way, (number, low, high) in ways.items():
                    held = (low - 1e-6 <= truth) & (truth <= high + 1e-6)
                    scores.setdefault((way, n), []).append(
                        [np.abs(number - truth).mean(), held.mean(), (high - low).mean()]
                    )
        for (way, n), several in scores.items():
            error, held, width = np.mean(several, axis=0)
            shown = "" if way == "as counted" else f"{held:>11.1%}{width:>9.1f}"
            print(f"{year:<6}{what:<17}{way:<28}{n:>5}{error:>9.2f}{shown}", flush=True)


def stopping(year: str, machine: pd.DataFrame, hand: pd.DataFrame, codebook: Codebook) -> None:
    audited = np.zeros(len(machine), np.bool_)
    cell = CELL[:3]
    after = estimate_counts(
        review(machine, hand, codebook, doubtful(machine, 1.0), audited), codebook, draws=2
    ).query("unit == 'respondents' and column != '' and row != ''")
    after = after.set_index(cell)["counted"]
    for share in (0.0, 0.25, 0.5, 0.75, 0.9):
        table = review(machine, hand, codebook, doubtful(machine, share), audited)
        foreseen = stability(table, codebook)
        now = estimate_counts(table, codebook, draws=2).set_index([*cell, "unit"])["counted"]
        now = now.xs("respondents", level="unit").reindex(after.index)
        filled = np.maximum(now, after) > 0
        change = (after - now).abs()
        changed = (change > np.maximum(1, 0.05 * now))[filled].mean()
        print(
            f"{year:<6}{share:>9.0%}{foreseen.changing:>10.1%}{1 - foreseen.settled:>9.1%}"
            f"{changed:>9.1%}{foreseen.mean_change:>10.2f}{change[filled].mean():>7.2f}"
            f"{foreseen.greatest:>10.0f}{change.max():>7.0f}   {'stop' if foreseen.stable else ''}",
            flush=True,
        )


def main() -> None:
    coder = Coder.load()
    codebook = coder.require_codebook()
    data = {year: coded(year, coder) for year in SETS}
    print(
        f"{'':<19}{'reviewed':>9}{'sample':>8}{'error':>9}{'corrected':>10}{'bias':>9}"
        f"{'correct.':>9}{'coverage':>10}{'width':>8}"
    )
    for year, (machine, hand) in data.items():
        cells(year, machine, hand, codebook)
    print(f"\n{'statements by':<51}{'sample':>5}{'error':>9}{'coverage':>11}{'width':>9}")
    for year, (machine, hand) in data.items():
        rivals(year, machine, hand, codebook)
    print(
        f"\n{'':<6}{'reviewed':>9}{'foreseen':>10}{'at most':>9}{'was':>9}{'mean':>10}"
        f"{'was':>7}{'greatest':>10}{'was':>7}"
    )
    for year, (machine, hand) in data.items():
        stopping(year, machine, hand, codebook)


if __name__ == "__main__":
    main()
