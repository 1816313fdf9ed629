"""Whether codes that a person gives are allowed where they give them."""

from textmine.codebook import Codebook, Dimension
from textmine.coding.targets import EVERYWHERE, codes_in
from textmine.errors import TextmineError
from textmine.review.events import Codes
from textmine.review.survey import Passage


def context_of(passage: Passage, dimension: Dimension) -> str | None:
    """The value that decides which codes of a dimension exist in a passage."""
    return EVERYWHERE if dimension.by is None else passage.contexts[dimension.by]


def allowed_codes(passage: Passage, dimension: Dimension) -> list[str]:
    """The codes of a dimension that exist in a passage, in the codebook's order."""
    return dimension.allowed(context_of(passage, dimension))


def applies_to(codes: Codes, dimension: Dimension) -> bool:
    """Tell whether a dimension applies to a statement with codes in those before it."""
    return all(codes.get(other) in wanted for other, wanted in dimension.when.items())


def check_codes(codes: Codes, passage: Passage, codebook: Codebook) -> Codes:
    """Check a person's codes: one in each dimension that applies, and only allowed ones.

    Returns
    -------
    Codes
        All dimensions; None (or an empty list) where one does not apply.

    Raises
    ------
    TextmineError
        In Swedish, for the page.
    """
    out: Codes = {}
    for name, dimension in codebook.dimensions.items():
        given = codes_in(codes.get(name), multiple=dimension.multiple)
        allowed = allowed_codes(passage, dimension)
        context = context_of(passage, dimension)
        if not applies_to(out, dimension):
            given = []
        elif wrong := [code for code in given if code not in allowed]:
            names = ", ".join(dimension.code_name(code, context) for code in allowed) or "inga"
            raise TextmineError(
                f"{dimension.name}: ”{wrong[0]}” finns inte här. Tillåtna koder: {names}."
            )
        elif not given and not dimension.multiple and allowed:
            raise TextmineError(f"Välj en kod för {dimension.name.lower()}.")
        order = [code for code in dimension.codes if code in given]
        out[name] = order if dimension.multiple else (order[0] if order else None)
    return out
