"""Colours that people with any colour vision can tell apart, and that differ in grey print."""

# Each has a contrast of at least 3:1 to white and to a page in dark, as a mark needs.
_CATEGORIES = (
    "#1f7a92", "#c2571a", "#3f8f5f", "#8a5fb3", "#a67c00", "#2f7fb8", "#b04a66", "#6b7779",
)  # fmt: skip

ACCENT, ON_ACCENT = "#0b5063", "#ffffff"
GROUND = "#f3f2ee"  # behind what belongs together


def colour(number: int) -> str:
    """The colour of a category, by its place; they begin anew when all are used."""
    return _CATEGORIES[number % len(_CATEGORIES)]
