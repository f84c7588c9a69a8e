"""From a sum of points to a share of yes: Platt's fit of slope and shift, and how far a score can be believed."""

from collections.abc import Sequence
from math import exp, log

Pair = tuple[float, bool]
"""A score or sum, and whether the label is yes."""


def logistic(value: float) -> float:
    return 1 / (1 + exp(-max(-30.0, min(30.0, value))))


def fit(pairs: Sequence[Pair]) -> tuple[float, float]:
    """Slope and shift by Newton's method. Platt's targets keep a clean split from growing without bound."""
    yes = sum(right for _, right in pairs)
    high, low = (yes + 1) / (yes + 2), 1 / (len(pairs) - yes + 2)
    slope, shift = 1.0, 0.0
    for _ in range(100):
        shares = [(x, logistic(slope * x + shift), high if right else low) for x, right in pairs]
        g1, g0 = sum((p - t) * x for x, p, t in shares), sum(p - t for _, p, t in shares)
        weights = [(x, p * (1 - p)) for x, p, _ in shares]
        h11 = sum(w * x * x for x, w in weights) + 1e-6
        h10, h00 = sum(w * x for x, w in weights), sum(w for _, w in weights) + 1e-6
        determinant = h11 * h00 - h10 * h10
        slope -= (h00 * g1 - h10 * g0) / determinant
        shift -= (h11 * g0 - h10 * g1) / determinant
    return slope, shift


def log_loss(pairs: Sequence[Pair]) -> float:
    losses = (-log(max(1e-9, score if right else 1 - score)) for score, right in pairs)
    return sum(losses) / max(1, len(pairs))


def table(pairs: Sequence[Pair]) -> list[tuple[float, int, float, float]]:
    """By tenth of the score: its lower end, how many, the mean score, the share of yes."""
    bins: dict[int, list[Pair]] = {}
    for score, right in pairs:
        bins.setdefault(min(9, int(score * 10)), []).append((score, right))
    return [
        (
            low / 10,
            len(found),
            sum(score for score, _ in found) / len(found),
            sum(r for _, r in found) / len(found),
        )
        for low, found in sorted(bins.items())
    ]


def error(pairs: Sequence[Pair]) -> float:
    """Expected calibration error: how far mean score and share of yes lie apart, over all tenths."""
    return sum(count * abs(mean - share) for _, count, mean, share in table(pairs)) / max(1, len(pairs))
