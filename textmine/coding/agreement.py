"""Agreement between codings: of codes, and of where statements begin and end."""

from collections.abc import Sequence

Spans = Sequence[tuple[int, int]]


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave blanks and final punctuation out of a span's comparison."""
    while end > start and (text[end - 1].isspace() or text[end - 1] in ".!?…,;:"):
        end -= 1
    while start < end and text[start].isspace():
        start += 1
    return start, end


def segmentation(
    texts: Sequence[str], gold: Sequence[Spans], found: Sequence[Spans]
) -> dict[str, float]:
    """Compare two divisions of the same answers into statements.

    Returns
    -------
    dict
        `exact_f1`: spans equal after trimming blanks and final punctuation; `boundary_f1`: places
        inside an answer where a statement begins.
    """
    hits = n_gold = n_found = 0
    begin_hits = begin_gold = begin_found = 0
    for text, right, guess in zip(texts, gold, found, strict=True):
        one = {trimmed(text, *span) for span in right}
        two = {trimmed(text, *span) for span in guess}
        hits, n_gold, n_found = hits + len(one & two), n_gold + len(one), n_found + len(two)
        starts_one = {start for start, _ in one} - {min((s for s, _ in one), default=0)}
        starts_two = {start for start, _ in two} - {min((s for s, _ in two), default=0)}
        begin_hits += len(starts_one & starts_two)
        begin_gold, begin_found = begin_gold + len(starts_one), begin_found + len(starts_two)
    return {
        "exact_f1": _f1(hits, n_gold, n_found),
        "boundary_f1": _f1(begin_hits, begin_gold, begin_found),
    }


def _f1(hits: int, n_gold: int, n_found: int) -> float:
    if n_gold + n_found == 0:
        return 1.0  # nothing to find, and nothing found
    return round(2 * hits / (n_gold + n_found), 4)
