"""The pieces that every figure is made of; each number and text is written in one way."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape, quoteattr

from textmine.report.drawing.lettering import FAMILY, clean

INK, SOFT, LINE, PAPER = "#1a2226", "#4d565c", "#8a9299", "#ffffff"
MM = 72 / 25.4  # points


def figure(
    size: tuple[float, float],
    body: Iterable[str],
    *,
    key: str,
    title: str,
    description: str,
    paper: bool = True,
    role: str = "img",
    marks: Mapping[str, object] | None = None,
) -> str:
    """Put a figure together: an image with a name and a description, its unit a point.

    Parameters
    ----------
    size
        Width and height in points; also how large it is printed.
    key
        Begins the ids; different for each figure of a page.
    paper
        Whether the figure has a white ground of its own.
    role
        `img`, or `group` if there are links in it.
    marks
        Further attributes.
    """
    width, height = size
    ids = [f"{key}-title", f"{key}-desc"]
    ground = [tag("rect", width=width, height=height, fill=PAPER)] if paper else []
    head = attributes(
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {fixed(width)} {fixed(height)}",
            "width": f"{fixed(width / MM)}mm",
            "height": f"{fixed(height / MM)}mm",
            "role": role,
            "aria-labelledby": " ".join(ids),
            "font-family": FAMILY,
            "xml:lang": "sv",
            "lang": "sv",
            **(marks or {}),
        }
    )
    return "\n".join(
        [
            f"<svg{head}>",
            f'<title id="{ids[0]}">{escape(clean(title))}</title>',
            f'<desc id="{ids[1]}">{escape(clean(description))}</desc>',
            *ground,
            *body,
            "</svg>\n",
        ]
    )


def key_of(kind: str, *names: str) -> str:
    """Make the beginning of a figure's ids from what it shows: `flow-barn-unga-region`."""
    plain = [re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") for name in names]
    key = "-".join(part for part in (kind, *plain) if part)
    if all(re.fullmatch(r"[a-z0-9-]*", name) for name in names):
        return key
    told_apart = hashlib.sha256("\0".join(names).encode("utf-8", "replace")).hexdigest()[:6]
    return f"{key}-{told_apart}"


def tag(name: str, content: str | None = None, /, **given: object) -> str:
    """Write an element; `_` in a name stands for `-`, and what is None is left out."""
    inside = attributes({key.rstrip("_").replace("_", "-"): value for key, value in given.items()})
    return f"<{name}{inside}/>" if content is None else f"<{name}{inside}>{content}</{name}>"


def text(
    x: float,
    y: float,
    line: str,
    size: float,
    *,
    bold: bool = False,
    anchor: str | None = None,
    fill: str = INK,
    halo: str | None = None,
    **given: object,
) -> str:
    """Write a line of text.

    Parameters
    ----------
    x, y
        Where its base line begins, has its middle, or ends.
    anchor
        None, middle or end.
    halo
        A colour around the signs, which sets them off from what they lie on.
    """
    if halo:
        given = given | {
            "stroke": halo,
            "stroke_width": size * 0.25,
            "stroke_opacity": 0.75,
            "stroke_linejoin": "round",
            "paint_order": "stroke",
        }
    return tag(
        "text", escape(clean(line)),
        x=x, y=y, font_size=size, font_weight="bold" if bold else None, text_anchor=anchor,
        fill=fill, **given,
    )  # fmt: skip


def attributes(given: Mapping[str, object]) -> str:
    """Write attributes, each after a blank."""
    return "".join(
        f" {key}={quoteattr(fixed(value) if isinstance(value, float) else str(value))}"
        for key, value in given.items()
        if value is not None
    )


def fixed(value: float) -> str:
    """Write a number with two decimals at most; the same on any machine."""
    written = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if written == "-0" else written
