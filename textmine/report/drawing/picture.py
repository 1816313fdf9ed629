"""A figure as a picture, for documents that cannot hold SVG."""

from pathlib import Path

from textmine.report.drawing.lettering import font_files


def write_png(svg: str, path: Path, *, dpi: int = 200) -> None:
    """Draw a figure in its printed size; the same figure gives the same bytes on any machine.

    Parameters
    ----------
    svg
        As this package draws it: its unit is a point.
    dpi
        Dots an inch.
    """
    import resvg_py

    picture = resvg_py.svg_to_bytes(
        svg_string=svg,
        dpi=dpi,
        background="#ffffff",
        skip_system_fonts=True,
        font_files=[str(file) for file in font_files()],
        font_family="DejaVu Sans",
        sans_serif_family="DejaVu Sans",
    )
    path.write_bytes(bytes(picture))
