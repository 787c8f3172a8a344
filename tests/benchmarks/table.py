"""The rows as a table to read, and as Markdown for the README."""

from __future__ import annotations

from typing import Any

__all__ = ["markdown", "text"]

Row = dict[str, Any]

SIMPLE = ("seasonal naive", "persistence")
METHODS = ("AutoETS", "AutoTheta", "MSTL")
HIGHER_IS_BETTER = "NSE"

NAMES = {
    "m4-weekly": "M4 weekly, 359 series",
    "m4-yearly": "M4 yearly, 23,000",
    "m3-monthly": "M3 monthly, 1,428",
    "m3-quarterly": "M3 quarterly, 756",
    "m3-yearly": "M3 yearly, 645",
    "tourism-monthly": "Tourism monthly, 366",
    "hospital": "hospital, 767",
    "nn5-weekly": "nn5 weekly, 111",
    "m5": "M5 store-departments, 70",
    "load-germany": "German daily load, 10 origins",
    "load-uk": "UK half-hourly load, 10 origins",
    "load-us": "US zone hourly load, 10 origins",
    "classics": "monthly classics, each alone",
    "classics-rolling": "short classics, each alone, 4 origins",
    "m4-weekly-rolling": "M4 weekly, 4 origins",
    "m3-monthly-rolling": "M3 monthly, 4 origins",
    "hospital-rolling": "hospital, 4 origins",
    "river": "river, weather up to now",
    "river-known": "river, weather known ahead",
    "river-filled": "river, gaps filled, weather up to now",
    "river-filled-known": "river, gaps filled, weather known ahead",
}


def text(rows: list[Row]) -> str:
    """For a terminal: the seeds and the targets too."""
    head = ["set", "metric", "ours", "seeds", "must", "aim", "published", *METHODS, "simple"]
    body = [
        [
            row["set"],
            row["metric"],
            number(row["ours"]),
            " ".join(number(seed) for seed in row["seeds"]),
            number(row["must"]),
            number(row["aim"]),
            ", ".join(f"{who} {number(score)}" for who, score in row["published"].items()),
            *(number(row.get(method)) for method in METHODS),
            number(simple(row)),
            f"{row['seconds']:.0f}/{row['limit_s']}",
            str(row["peak_mb"]),
        ]
        for row in rows
    ]
    lines = [[*head, "s/limit", "MB"], *body]
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def markdown(rows: list[Row]) -> str:
    """For the README; the best of each row in bold, losses included."""
    head = ["set", "metric", "forecast", "seconds", "MB", "published", *METHODS, "simple"]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for row in rows:
        best = _best(row)
        cells = [
            NAMES[row["set"]],
            row["metric"],
            _marked(row["ours"], best),
            f"{row['seconds']:.0f}",
            f"{row['peak_mb']:,}",
            ", ".join(f"{_marked(score, best)} ({who})" for who, score in row["published"].items()),
            *(_marked(row.get(method), best) for method in METHODS),
            _marked(simple(row), best),
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def simple(row: Row) -> float | None:
    """The seasonal naive's score, or persistence's."""
    return next((row[name] for name in SIMPLE if name in row), None)


def number(value: float | None) -> str:
    """Four digits; nothing where there is nothing."""
    if value is None:
        return ""
    return f"{value:.2f}" if abs(value) >= 10 else f"{value:.3f}"


def _best(row: Row) -> str:
    scores = [row["ours"], *row["published"].values()]
    scores += [row[name] for name in (*METHODS, *SIMPLE) if name in row]
    return number((max if row["metric"].startswith(HIGHER_IS_BETTER) else min)(scores))


def _marked(value: float | None, best: str) -> str:
    shown = number(value)
    return f"**{shown}**" if shown and shown == best else shown
