"""The one sentence of a report: is the model worth having?"""

from __future__ import annotations

import math
from dataclasses import dataclass

from forecast.show.wording import four

__all__ = ["Duel", "headline"]

EVEN = 0.02  # errors that differ by less are equal
MUCH = 2.0  # from here on people say "times"


@dataclass(frozen=True, slots=True)
class Duel:
    """The model against its best rival on rows that neither had seen.

    Attributes:
        model: its name.
        rival: the name of the best of the other methods.
        metric: by which they are compared, as people write it.
        own: the model's error, lower is better.
        other: the rival's.
        test: what it was measured on ("the last 12 steps", "8 folds").
        kind: what the rival is: a "simple" or a "statistical" method.
    """

    model: str
    rival: str
    metric: str
    own: float
    other: float
    test: str
    kind: str = "simple"


def headline(duel: Duel | None) -> tuple[str, str]:
    """The tone ("good", "even", "bad" or "unknown") and the sentence.

    Example:
        >>> headline(Duel("LSTM", "naive", "MASE", 0.4, 0.8, "the last 12 steps"))[1]
        'Worth having: on the last 12 steps, which it had not seen, the LSTM was off by 50% less \
than the best simple method, naive (MASE 0.4 against 0.8).'
    """
    if duel is None:
        return "unknown", (
            "Not tested: nothing was held out, so nobody knows how good this forecast is. "
            "Train without --holdout 0 to find out."
        )
    if not (math.isfinite(duel.own) and math.isfinite(duel.other)):
        return "unknown", f"The error on {duel.test} could not be measured."
    against = f"({duel.metric} {four(duel.own)} against {four(duel.other)})"
    where = f"on {duel.test}, which it had not seen, the {duel.model} was"
    if duel.other == 0 or abs(duel.own / duel.other - 1) < EVEN:
        if duel.own > duel.other == 0:
            return "bad", f"Not worth having here: the {duel.rival} method made no error {against}."
        return "even", (
            f"Neither better nor worse: {where} as far off as the best {duel.kind} method, "
            f"{duel.rival} {against}. Either will do."
        )
    ratio = duel.own / duel.other
    if ratio < 1:
        return "good", (
            f"Worth having: {where} off by {1 - ratio:.0%} less than the best {duel.kind} method, "
            f"{duel.rival} {against}."
        )
    more = (
        f"{ratio:.1f} times as far off as" if ratio >= MUCH else f"off by {ratio - 1:.0%} more than"
    )
    return "bad", (
        f"Not worth having here: {where} {more} the best {duel.kind} method, {duel.rival} "
        f"{against}. Trust that method more."
    )
