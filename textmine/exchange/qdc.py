"""Codebooks as REFI-QDA files (`.qdc`), and as the sheet from which MAXQDA reads codes."""

import datetime
import re
from importlib.metadata import version
from pathlib import Path

import xlsxwriter

from textmine.codebook import Codebook
from textmine.errors import TextmineError
from textmine.exchange.code_tree import read_codes, read_sets, write_codes, write_sets
from textmine.exchange.codebook_in import PATH, required, understand
from textmine.exchange.codebook_out import KEY, code_nodes, code_sets
from textmine.exchange.marks import read_described
from textmine.exchange.refi import CODEBOOK, local_name, parsed, root, written
from textmine.files import staged_file

_SEPARATORS = re.compile(r"[>\\]")  # MAXQDA takes what follows for a subcode
_MOST = 200_000_000  # bytes; a codebook has thousands


def write_qdc(book: Codebook, path: Path) -> None:
    """Write a codebook so that programs for qualitative analysis can read it, and we again."""
    document = root("CodeBook", CODEBOOK, origin=f"textmine {version('textmine')}")
    write_codes(document, code_nodes(book))
    write_sets(document, code_sets(book), CODEBOOK)
    with staged_file(path) as stage:
        stage.write_bytes(written(document))


def read_qdc(path: Path) -> Codebook:
    """Read a codebook that we or another program wrote.

    Raises
    ------
    TextmineError
        If the file is absent or damaged, or holds no codes.
    """
    if not path.is_file():
        raise TextmineError(f"{path} does not exist; give a .qdc file.")
    if path.stat().st_size > _MOST:
        raise TextmineError(f"{path} is larger than any codebook; give a .qdc file.")
    document = parsed(path.read_bytes(), str(path))
    if local_name(document) != "CodeBook":
        raise TextmineError(
            f"{path} is no REFI-QDA codebook (it begins with '{local_name(document)}', not "
            "'CodeBook'); export the codebook, not the project, as .qdc."
        )
    nodes, sets = read_codes(document), read_sets(document)
    return required(understand(nodes, sets, path.stem), str(path))


def write_code_sheet(book: Codebook, path: Path) -> None:
    """Write the codes as MAXQDA imports them: `Code` with '>' over subcodes, and `Memo`."""
    with staged_file(path) as stage:
        workbook = xlsxwriter.Workbook(
            stage, {"strings_to_formulas": False, "strings_to_urls": False}
        )
        # A fixed date: the same input gives the same file.
        workbook.set_properties({"created": datetime.datetime(2000, 1, 1)})
        sheet = workbook.add_worksheet("Koder")
        sheet.set_column(0, 1, 60)
        rows = [("Code", "Memo")]
        for dimension in code_nodes(book):
            heading = _SEPARATORS.sub("/", dimension.name)
            rows.append((heading, ""))
            for node in dimension.children:
                memo, _ = read_described(node.description, KEY)
                rows.append((f"{heading}{PATH}{_SEPARATORS.sub('/', node.name)}", memo))
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        workbook.close()
