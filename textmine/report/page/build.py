"""Write the report's page: one file with all that it shows, that asks nothing of any network."""

import base64
import hashlib
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from textmine.files import staged_file
from textmine.report.drawing.flow_diagram import draw_flow
from textmine.report.drawing.sankey import SANKEY_SCRIPT, draw_sankey
from textmine.report.findings.model import ALL, Report
from textmine.report.page import tables
from textmine.report.page.anchors import EVIDENCE, area_anchor, cell_anchor
from textmine.report.page.evidence import Listed, list_evidence
from textmine.report.swedish import joined, number, sentence

_HERE = Path(__file__).parent
_SCRIPTS = ("evidence.js", "copy.js")
# Signs that no page may hold; they come with answers pasted from elsewhere.
_CONTROLS = {at: None for at in (*range(0x20), *range(0x7F, 0xA0)) if at not in (0x09, 0x0A)}


def write_page(report: Report, path: Path) -> None:
    """Write the page.

    Parameters
    ----------
    report
        What `build_report` gives.
    path
        The HTML file.
    """
    with staged_file(path) as stage:
        stage.write_text(render_page(report), encoding="utf-8", newline="\n")


def render_page(report: Report) -> str:
    """Give the page's HTML."""
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"number": number, "actor": tables.actor_name, "sentence": sentence}
    scripts = [_static(name) for name in _SCRIPTS] + [SANKEY_SCRIPT]
    listed = list_evidence(report)
    page = environment.get_template("report.html").render(
        report=report,
        areas=[area for area in report.areas if area.answers],
        silent=joined(area.name for area in report.areas if not area.answers),
        listed=listed,
        actor_kinds=sorted({said.actor for said in report.evidence if said.actor}),
        tables=tables,
        area_anchor=area_anchor,
        evidence=EVIDENCE,
        ALL=ALL,
        draw_flow=lambda flow: Markup(draw_flow(flow)),
        draw_sankey=lambda flow: Markup(draw_sankey(flow, _anchor_in(listed))),
        numbered=_numbering(),
        titled=lambda text, area: f"{text}: {area.name}" if len(report.areas) > 1 else text,
        style=Markup(_static("page.css") + _static("print.css")),
        scripts=[Markup(script) for script in scripts],
        policy=_policy(scripts),
    )
    return page.translate(_CONTROLS)


def _anchor_in(listed: Listed) -> Callable[[str, str, str], str]:
    """Find places for a figure's links; where a cell's statements are not listed, its area's."""

    def anchor(area: str, category: str, role: str) -> str:
        wanted = cell_anchor(area, category, role)
        return wanted if wanted in listed.targets else listed.target(area) or area_anchor(area)

    return anchor


def _static(name: str) -> str:
    return (_HERE / "static" / name).read_text(encoding="utf-8")


def _policy(scripts: list[str]) -> str:
    """Allow what is on the page and nothing else."""
    digests = [hashlib.sha256(script.encode()).digest() for script in scripts]
    allowed = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _numbering() -> Callable[[str], str]:
    """Number tables and figures through the whole report: `Tabell 3`."""
    numbers: dict[str, Any] = {}
    return lambda kind: f"{kind} {next(numbers.setdefault(kind, count(1)))}"
