"""What several commands have in common."""

from collections.abc import Sequence

import typer

from textmine.errors import TextmineError

COLUMN = typer.Option(
    None,
    "--column",
    metavar="K=V",
    help='Which column is which: --column text="Beskriv insatsen". May be repeated.',
)


def column_mapping(pairs: Sequence[str] | None) -> dict[str, str]:
    """Read `text=Beskriv insatsen` into a mapping."""
    mapping = {}
    for pair in pairs or []:
        key, equals, value = pair.partition("=")
        if not equals or not key.strip() or not value.strip():
            raise TextmineError(f"--column {pair}: write it as --column text=NAME.")
        mapping[key.strip()] = value.strip()
    return mapping
