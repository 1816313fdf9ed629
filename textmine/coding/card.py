"""A model's card: what it was trained on, and how well it did on answers it had not seen."""

from textmine.codebook import Codebook
from textmine.coding.calibration import calibration_error
from textmine.coding.gains import describe_gain
from textmine.coding.learnt import Learnt
from textmine.coding.views import ContextView


def write_card(
    name: str, codebook: Codebook, encoder: str, error_budget: float, learnt: Learnt
) -> str:
    """Write the card as Markdown."""
    thresholds = learnt.thresholds(error_budget)
    tuned = ", tuned along with the codes" if isinstance(learnt.view, ContextView) else ""
    lines = [
        f"# {name}",
        "",
        f"Codes Swedish free-text answers by the codebook *{codebook.title or codebook.name}* "
        f"({codebook.name}, version {codebook.version}). Encoder: {encoder}{tuned}.",
        "",
        f"Trained on {learnt.provenance['statements']:,} statements in "
        f"{learnt.provenance['answers']:,} answers. The figures below are of answers held out "
        f"({learnt.provenance['held_out']}), coded by a model that had not seen them.",
        "",
        "| dimension | codes | held-out statements | accuracy | mean probability | ECE "
        f"| coded alone at {error_budget:.0%} error |",
        "|---|---|---|---|---|---|---|",
    ]
    for key, dimension in codebook.dimensions.items():
        evidence = learnt.dimensions[key].evidence
        ece = calibration_error(evidence.probability, evidence.right)
        n = len(evidence.right)
        if n == 0:
            lines.append(f"| {key} | {len(dimension.codes)} | 0 | – | – | – | – |")
            continue
        alone = (evidence.probability >= thresholds[key]).mean()
        lines.append(
            f"| {key} | {len(dimension.codes)} | {n:,} | {evidence.right.mean():.1%} "
            f"| {evidence.probability.mean():.1%} | {ece:.3f} "
            f"| {alone:.0%} |"
        )
    lines += _adapted(learnt)
    lines += [
        "",
        "The probabilities hold for answers like those it was trained on. The file holds numbers "
        "and vocabularies (words and parts of words that occur at least twice), no texts; for "
        "novelty a few hundred numbers a statement, drawn from such words only.",
        "",
    ]
    return "\n".join(lines)


def _adapted(learnt: Learnt) -> list[str]:
    """Say what people's decisions taught the model later."""
    lines = []
    for history in learnt.provenance.get("adapted", []):
        lines += [
            "",
            f"Then taught by {history['decisions']:,} decisions in {history['answers']:,} answers "
            "that people reviewed; the figures above include these, each held out in turn, and "
            "people review mostly what is doubtful. What the decisions brought (95 % interval):",
            "",
        ]
        lines += [
            f"* {name}: {describe_gain(gain)}" for name, gain in history["dimensions"].items()
        ]
    return lines
