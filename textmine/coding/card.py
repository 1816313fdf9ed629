"""A model's card: what it was trained on, and how well it did on answers it had not seen."""

import numpy as np

from textmine.codebook import Codebook
from textmine.coding.budget import Evidence
from textmine.coding.learnt import Learnt


def write_card(
    name: str, codebook: Codebook, encoder: str, error_budget: float, learnt: Learnt
) -> str:
    """Write the card as Markdown."""
    thresholds = learnt.thresholds(error_budget)
    lines = [
        f"# {name}",
        "",
        f"Codes Swedish free-text answers by the codebook *{codebook.title or codebook.name}* "
        f"({codebook.name}, version {codebook.version}). Encoder: {encoder}.",
        "",
        f"Trained on {learnt.provenance['statements']:,} statements in "
        f"{learnt.provenance['answers']:,} answers. The figures below come from cross-validation: "
        f"{learnt.provenance['held_out']}, each coded by heads that had not seen it.",
        "",
        "| dimension | codes | held-out statements | accuracy | mean probability | ECE "
        f"| coded alone at {error_budget:.0%} error |",
        "|---|---|---|---|---|---|---|",
    ]
    for key, dimension in codebook.dimensions.items():
        evidence = learnt.dimensions[key].evidence
        n = len(evidence.right)
        if n == 0:
            lines.append(f"| {key} | {len(dimension.codes)} | 0 | – | – | – | – |")
            continue
        alone = (evidence.probability >= thresholds[key]).mean()
        lines.append(
            f"| {key} | {len(dimension.codes)} | {n:,} | {evidence.right.mean():.1%} "
            f"| {evidence.probability.mean():.1%} | {calibration_error(evidence):.3f} "
            f"| {alone:.0%} |"
        )
    lines += [
        "",
        "The probabilities hold for answers like those it was trained on. The file holds numbers "
        "and vocabularies (words and parts of words that occur at least twice), no texts.",
        "",
    ]
    return "\n".join(lines)


def calibration_error(evidence: Evidence, bins: int = 10) -> float:
    """Expected calibration error over bins of equal width: mean gap of probability and accuracy."""
    which = np.minimum((evidence.probability * bins).astype(int), bins - 1)
    gaps = [
        abs(evidence.probability[which == b].mean() - evidence.right[which == b].mean())
        * (which == b).mean()
        for b in range(bins)
        if (which == b).any()
    ]
    return float(sum(gaps))
