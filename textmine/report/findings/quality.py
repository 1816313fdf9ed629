"""The table of how far the codes can be trusted."""

from collections.abc import Mapping, Sequence
from typing import Any

from textmine.codebook import Codebook
from textmine.report.findings.model import Quality
from textmine.report.swedish import decimal, percent


def quality_of(
    codebook: Codebook, run: Mapping[str, Any], evaluation: Mapping[str, Any] | None
) -> tuple[Quality, ...]:
    """Gather what `run.json` and `evaluation.json` say of each dimension."""
    expected = run.get("expected_error", {})
    audited = run.get("applied", {}).get("audit", {})
    judged = (evaluation or {}).get("dimensions", {})
    test = run.get("model", {}).get("test", {})
    out = []
    for name, dimension in codebook.dimensions.items():
        figures = judged.get(name, {})
        coders = figures.get("coders", {}).get("coder_coder", {})
        if figures.get("accuracy"):
            agreement = share_of(figures["accuracy"])
        else:
            accuracy = test.get(name, {}).get("accuracy")
            agreement = percent(accuracy, 1) if accuracy is not None else ""
        out.append(
            Quality(
                dimension=dimension.name,
                by_people=percent(by_people(run)),
                expected_error=_expected(expected, name),
                audited_error=_audited(audited.get(name)),
                agreement=agreement,
                kappa=_figure(figures.get("kappa")),
                people=_figure(coders.get("kappa")),
            )
        )
    return tuple(out)


def by_people(run: Mapping[str, Any]) -> float:
    """The share of statements that people decided."""
    sources: Mapping[str, int] = run.get("applied", {}).get("sources", {})
    total = sum(sources.values())
    return (total - sources.get("machine", 0)) / total if total else 0.0


def share_of(figures: Sequence[float]) -> str:
    """Write a share with its interval: `92,5 % (91,4–93,5)`."""
    value, low, high = figures
    return f"{percent(value, 1)} ({decimal(100 * low)}–{decimal(100 * high)})"


def _expected(expected: Mapping[str, float | None], name: str) -> str:
    if name not in expected:
        return ""
    error = expected[name]
    return "allt granskas" if error is None else percent(error, 1)


def _audited(audit: Mapping[str, Any] | None) -> str:
    if not audit:
        return ""
    return f"{share_of(audit['error'])}, {audit['wrong']} av {audit['n']}"


def _figure(figures: Sequence[float] | None) -> str:
    if not figures:
        return ""
    value, low, high = figures
    return f"{decimal(value, 2)} ({decimal(low, 2)}–{decimal(high, 2)})"
