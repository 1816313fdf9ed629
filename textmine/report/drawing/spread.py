"""Labels beside an axis: each as near its value as the others let it."""

from collections.abc import Sequence


def spread(
    wanted: Sequence[float], heights: Sequence[float], low: float, high: float
) -> list[float]:
    """Move labels apart until none overlaps another; their order stays.

    Parameters
    ----------
    wanted
        Where the middle of each label should be.
    heights
        How high each label is.
    low, high
        Where labels may be; they take more room only if they need it, beyond `high`.

    Returns
    -------
    list of float
        The middles.
    """
    order = sorted(range(len(wanted)), key=lambda at: (wanted[at], at))
    # Packed from 0 on, each label would stand at `offset`; a block moves as one from there.
    offsets, total = {}, 0.0
    for at in order:
        offsets[at] = total + heights[at] / 2
        total += heights[at]
    blocks: list[tuple[float, list[int]]] = []  # mean of the wanted moves; labels
    for at in order:
        move, members = wanted[at] - offsets[at], [at]
        while blocks and blocks[-1][0] > move:
            before, others = blocks.pop()
            many = len(others) + len(members)
            move = (before * len(others) + move * len(members)) / many
            members = others + members
        blocks.append((move, members))
    least, most = low, max(high - total, low)
    moves = {at: min(max(move, least), most) for move, members in blocks for at in members}
    return [offsets[at] + moves[at] for at in range(len(wanted))]
