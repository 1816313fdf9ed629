"""The picture beside an evaluation: do probabilities keep what they promise?"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from textmine.codebook import Codebook

_WIDTH, _HEIGHT = 2.6, 3.0  # inches of one diagram
_LARGEST = 260  # area in square points of the dot that stands for the most statements


def draw_reliability(dimensions: Mapping[str, Mapping[str, Any]], book: Codebook, to: Path) -> None:
    """Draw, for each dimension, the share that was right against the probability that was given.

    A dot stands for the statements of a tenth of the scale, the larger the more they are; on the
    line the probability is kept.

    Parameters
    ----------
    dimensions
        By name: `reliability`, `ece` and `n`, as `evaluate` gives them.
    to
        A `.png` or `.svg` file.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    judged = {name: figures for name, figures in dimensions.items() if figures.get("reliability")}
    if not judged:
        return
    with mpl.rc_context({"svg.hashsalt": "textmine", "font.size": 9}):
        figure = Figure(figsize=(_WIDTH * len(judged) + 0.3, _HEIGHT), layout="constrained")
        axes = figure.subplots(1, len(judged), sharey=True, squeeze=False)[0]
        for ax, (name, figures) in zip(axes, judged.items(), strict=True):
            bins = figures["reliability"]
            most = max(one["n"] for one in bins)
            ax.plot([0, 1], [0, 1], color="0.7", linewidth=1, zorder=1)
            ax.scatter(
                [one["probability"] for one in bins],
                [one["accuracy"] for one in bins],
                s=[max(8, _LARGEST * one["n"] / most) for one in bins],
                color="#1f5a8a",
                alpha=0.8,
                zorder=2,
                clip_on=False,
            )
            ax.set(xlim=(0, 1.04), ylim=(0, 1.04), aspect="equal")
            error = f"{figures['ece']:.3f}".replace(".", ",")
            ax.set_title(f"{book.dimensions[name].name}\nmedelfel {error}", fontsize=10)
            ax.set_xticks([0, 0.5, 1], ["0", "0,5", "1"])
            ax.set_yticks([0, 0.5, 1], ["0", "0,5", "1"])
            ax.spines[["top", "right"]].set_visible(False)
        axes[0].set_ylabel("Andel rätt")
        figure.supxlabel("Modellens sannolikhet", fontsize=9)
        figure.savefig(
            to,
            dpi=200,
            bbox_inches="tight",
            metadata={"Date": None} if to.suffix == ".svg" else {},
        )
