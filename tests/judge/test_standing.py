"""Which method a backtest speaks for, in words."""

from __future__ import annotations

import numpy as np

from forecast.judge import LSTM, Scores, ranked, standing

NAN = float("nan")


def scores(mase: float, mae: float = 1.0) -> Scores:
    return Scores(("",), {"mase": np.array([mase])}, {"mase": mase, "mae": mae})


def folds(*values: float) -> tuple[Scores, ...]:
    return tuple(scores(value) for value in values)


def test_the_lstm_that_is_best_is_held_against_the_second_best() -> None:
    text = standing(
        {"naive": scores(0.9), LSTM: scores(0.5), "ETS": scores(0.7)},
        {"naive": folds(1, 1), LSTM: folds(0.4, 0.6), "ETS": folds(0.9, 0.5)},
    )
    assert text == "The LSTM was the best (MASE 0.5 against 0.7 of ETS; better in 1 of 2 folds)."


def test_the_method_that_beats_the_lstm_is_to_be_trusted_more() -> None:
    text = standing(
        {"seasonal naive": scores(0.4), LSTM: scores(0.5), "theta": scores(0.45)},
        {"seasonal naive": folds(0.4), LSTM: folds(0.5), "theta": folds(0.45)},
    )
    assert text == (
        "The seasonal naive was the best (MASE 0.4 against 0.5 of the LSTM; better in 1 of 1 "
        "folds): trust that method more here."
    )


def test_without_mase_it_is_by_mae_and_nan_is_last() -> None:
    tried = {"a": scores(NAN, 3.0), "b": scores(NAN, 2.0), "c": scores(NAN, NAN)}
    assert ranked(tried) == (["b", "a", "c"], "mae")
    assert standing(tried, {name: (each,) for name, each in tried.items()}).startswith(
        "B was the best (MAE 2 against 3 of a; better in 1 of 1 folds)"
    )


def test_equals_are_called_so_the_lstm_first() -> None:
    tried = {"naive": scores(0.5), LSTM: scores(0.5)}
    text = standing(tried, {"naive": folds(0.5), LSTM: folds(0.5)})
    assert text == "The LSTM and the naive were equally good (MASE 0.5 against 0.5 of the naive)."


def test_one_method_is_the_best_of_nothing() -> None:
    assert standing({"drift": scores(2)}, {"drift": folds(2)}) == "Drift alone was tried: MASE 2."
