"""Time stamps and series under the names that the file itself uses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forecast.data.steps import to_local
from forecast.types import Schema, Times

__all__ = ["id_values", "join_ids", "plain_layout", "render_time"]


def join_ids(parts: Sequence[str]) -> str:
    """Several id values as one name; `id_values` takes it apart again.

    Example:
        >>> join_ids(["CA_1", "FOODS"]), join_ids(["a/b", "c"])
        ('CA_1/FOODS', 'a\\\\/b/c')
    """
    if len(parts) == 1:
        return parts[0]
    return "/".join(part.replace("\\", "\\\\").replace("/", "\\/") for part in parts)


def id_values(ids: NDArray[np.str_] | Sequence[str], schema: Schema) -> dict[str, list[str]]:
    """(W,) values of each id column, under the user's own names; {} for a single series.

    Example:
        >>> schema = Schema(target="y", ids=("store", "item"))
        >>> id_values(["CA_1/FOODS", "TX_2/HOBBIES"], schema)
        {'store': ['CA_1', 'TX_2'], 'item': ['FOODS', 'HOBBIES']}
    """
    if len(schema.ids) <= 1:
        return {name: [str(each) for each in ids] for name in schema.ids}
    split = [_split(str(each)) for each in ids]
    return {
        name: [parts[place] if place < len(parts) else "" for parts in split]
        for place, name in enumerate(schema.ids)
    }


def _split(joined: str) -> list[str]:
    parts = re.findall(r"((?:\\.|[^\\/])*)(?:/|$)", joined)[: joined.count("/") + 1]
    return [re.sub(r"\\(.)", r"\1", part) for part in parts]


def render_time(time: Times, schema: Schema) -> NDArray[Any]:
    """Time stamps as the file writes them, texts of the same shape.

    A stamp that comes back is rendered once; so is a row of them that is every row, as in a panel
    that ends together.

    Example:
        >>> stamps = np.array(["1961-01-01", "1961-02-01"], dtype="datetime64[us]")
        >>> render_time(stamps, Schema(target="y", time=("Month",), time_format="%Y-%m")).tolist()
        ['1961-01', '1961-02']
    """
    array: Any = np.asarray(time)
    if array.ndim == 2 and len(array) > 1 and (array == array[0]).all():
        return np.repeat(render_time(array[:1], schema), len(array), axis=0)
    if array.dtype.kind != "M" or not array.size:
        return np.asarray(array.astype(str), dtype=object)
    distinct, place = np.unique(array.ravel(), return_inverse=True)
    texts: NDArray[Any] = np.array(_written(distinct, schema), dtype=object)[place]
    return texts.reshape(array.shape)


def _written(stamps: NDArray[Any], schema: Schema) -> list[str]:
    layout = schema.time_format
    if layout.startswith("epoch"):
        unit = {"epoch-s": 10**6, "epoch-ms": 1000, "epoch-us": 1}.get(layout, 10**6)
        return [str(each // unit) for each in stamps.astype("datetime64[us]").astype(np.int64)]
    local = to_local(stamps, schema.tz)
    if layout == "decimal":
        return _decimal(local)
    offsets = (local - stamps).astype("timedelta64[m]").astype(np.int64)
    layout = layout or plain_layout(local)
    names = _zone_names(stamps, schema.tz) if "%Z" in layout else [""] * len(stamps)
    return [
        _one(each, layout, int(off), name)
        for each, off, name in zip(local, offsets, names, strict=True)
    ]


def _zone_names(stamps: NDArray[Any], tz: str | None) -> list[str]:
    """What a zone is called at UTC instants: CET or CEST."""
    from datetime import UTC, datetime
    from zoneinfo import ZoneInfo

    place = ZoneInfo(tz or "UTC")
    instants = [datetime.fromisoformat(str(each)).replace(tzinfo=UTC) for each in stamps]
    return [each.astimezone(place).tzname() or "" for each in instants]


def plain_layout(local: NDArray[Any]) -> str:
    """Dates where no stamp has a clock time, else dates and times; NaT counts for nothing."""
    stamps = np.ravel(local).astype("datetime64[us]", copy=False)
    for first in range(0, len(stamps), _AT_ONCE):
        part = stamps[first : first + _AT_ONCE]
        if ((part.view(np.int64) % _DAY_US != 0) & ~np.isnat(part)).any():
            return "%Y-%m-%d %H:%M:%S"
    return "%Y-%m-%d"


def _decimal(local: NDArray[Any]) -> list[str]:
    year = local.astype("datetime64[Y]")
    span = (year + np.timedelta64(1, "Y")).astype("datetime64[us]") - year.astype("datetime64[us]")
    month = local.astype("datetime64[M]")
    if (month.astype("datetime64[us]") == local).all():
        share = (month - year.astype("datetime64[M]")).astype(np.int64) / 12
    else:
        share = (local - year.astype("datetime64[us]")) / span
    texts = [f"{y + s:.4f}" for y, s in zip(year.astype(np.int64) + 1970, share, strict=True)]
    return [text.rstrip("0") + ("0" if text.endswith(".0000") else "") for text in texts]


_DAY_US = 86_400_000_000
_AT_ONCE = 1 << 16  # stamps, which the processor's cache holds
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_FIELD = re.compile(r"%(-?)([A-Za-z%])")


def _one(stamp: Any, layout: str, offset: int, zone: str) -> str:
    """One stamp in a layout: strptime's fields, "-" for no padding, %q a quarter."""
    text = str(stamp.astype("datetime64[us]"))
    date, clock = text.split("T")
    year, month, day = (int(part) for part in date.rsplit("-", 2))
    hour, minute, rest = clock.split(":")
    second, micro = rest.split(".")
    weekday = int((stamp.astype("datetime64[D]").astype(np.int64) + 3) % 7)
    sign, away = "-" if offset < 0 else "+", abs(offset)
    fields: dict[str, tuple[int | str, int]] = {
        "Y": (year, 4), "m": (month, 2), "d": (day, 2), "H": (int(hour), 2), "M": (int(minute), 2),
        "S": (int(second), 2), "f": (micro, 0), "y": (year % 100, 2),
        "b": (_MONTHS[month - 1][:3], 0), "B": (_MONTHS[month - 1], 0),
        "q": ((month + 2) // 3, 0), "I": (int(hour) % 12 or 12, 2),
        "p": ("AM" if int(hour) < 12 else "PM", 0), "a": (_DAYS[weekday][:3], 0),
        "z": (f"{sign}{away // 60:02d}:{away % 60:02d}", 0), "u": (weekday + 1, 0), "%": ("%", 0),
        "Z": (zone, 0),
    }  # fmt: skip
    if "%G" in layout:
        thursday = stamp.astype("datetime64[D]") + np.timedelta64(3 - weekday, "D")
        iso_year = int(thursday.astype("datetime64[Y]").astype(np.int64)) + 1970
        start = thursday.astype("datetime64[Y]").astype("datetime64[D]")
        week = int((thursday - start).astype(np.int64)) // 7 + 1
        fields |= {"G": (iso_year, 4), "V": (week, 2)}

    def put(match: re.Match[str]) -> str:
        value, width = fields[match[2]]
        return str(value) if match[1] else str(value).zfill(width)

    return _FIELD.sub(put, layout)
