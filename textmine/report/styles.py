"""The looks of a workbook."""

from typing import Any

SURE, UNSURE = 0.75, 0.5  # probabilities where the colours of doubt begin
_HEADER = {
    "bold": True,
    "bg_color": "#1F3864",
    "font_color": "#FFFFFF",
    "text_wrap": True,
    "valign": "vcenter",
    "border": 1,
}
# What is typed stays text: a code may be called 01.
_FILL_IN = {
    "valign": "top",
    "bg_color": "#E2EFDA",
    "border": 1,
    "border_color": "#A9C99A",
    "num_format": "@",
}


class Styles:
    """Cell formats of one xlsxwriter workbook.

    Attributes
    ----------
    fill_in, fill_in_wrapped, fill_in_header
        For cells that people fill in.
    idle
        Over a cell that is to be left empty.
    doubt
        (format, from, to): colours for probabilities, `to` exclusive.
    """

    def __init__(self, workbook: Any) -> None:
        top = {"valign": "top"}
        self.plain = workbook.add_format(top)
        self.wrapped = workbook.add_format({**top, "text_wrap": True})
        self.percent = workbook.add_format({**top, "num_format": "0%", "align": "center"})
        self.number = workbook.add_format({**top, "align": "left"})
        self.decimal = workbook.add_format({**top, "num_format": "0.0", "align": "left"})
        self.bold = workbook.add_format({**top, "bold": True})
        self.title = workbook.add_format({"bold": True, "font_size": 14})
        self.header = workbook.add_format(_HEADER)
        self.fill_in = workbook.add_format(_FILL_IN)
        self.fill_in_wrapped = workbook.add_format({**_FILL_IN, "text_wrap": True})
        self.fill_in_header = workbook.add_format({**_HEADER, "bg_color": "#375623"})
        self.note = workbook.add_format(
            {"bold": True, "font_color": "#375623", "valign": "vcenter"}
        )
        self.idle = workbook.add_format({"bg_color": "#EDEDED", "font_color": "#767676"})
        self.doubt = [
            (workbook.add_format({"bg_color": "#F8CBAD"}), 0.0, UNSURE),
            (workbook.add_format({"bg_color": "#FFE699"}), UNSURE, SURE),
        ]
