"""The looks of a workbook."""

from typing import Any

SURE, UNSURE = 0.75, 0.5  # probabilities where the colours of doubt begin


class Styles:
    """Cell formats of one xlsxwriter workbook.

    Attributes
    ----------
    doubt
        (format, from, to): colours for probabilities, `to` exclusive.
    """

    def __init__(self, workbook: Any) -> None:
        top = {"valign": "top"}
        self.plain = workbook.add_format(top)
        self.wrapped = workbook.add_format({**top, "text_wrap": True})
        self.percent = workbook.add_format({**top, "num_format": "0%", "align": "center"})
        self.number = workbook.add_format({**top, "align": "left"})
        self.bold = workbook.add_format({**top, "bold": True})
        self.title = workbook.add_format({"bold": True, "font_size": 14})
        self.header = workbook.add_format(
            {
                "bold": True,
                "bg_color": "#1F3864",
                "font_color": "#FFFFFF",
                "text_wrap": True,
                "valign": "vcenter",
                "border": 1,
            }
        )
        self.doubt = [
            (workbook.add_format({"bg_color": "#F8CBAD"}), 0.0, UNSURE),
            (workbook.add_format({"bg_color": "#FFE699"}), UNSURE, SURE),
        ]
