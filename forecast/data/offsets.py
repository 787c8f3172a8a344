"""What stands behind a clock time and says whose it is: Z, +02:00, UTC+1, CET."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from forecast.types import Ints

__all__ = ["cut_zones", "literal_zone", "minutes_behind", "zone_of"]

# Names in winter and in summer, minutes east of Greenwich, and a zone that is called so.
_PAIRS = [
    ("WET", 0, "WEST", 60, "WET"), ("CET", 60, "CEST", 120, "CET"), ("MEZ", 60, "MESZ", 120, "CET"),
    ("MET", 60, "MEST", 120, "MET"), ("EET", 120, "EEST", 180, "EET"),
    ("GMT", 0, "BST", 60, "Europe/London"), ("GMT", 0, "IST", 60, "Europe/Dublin"),
    ("EST", -300, "EDT", -240, "EST5EDT"), ("CST", -360, "CDT", -300, "CST6CDT"),
    ("MST", -420, "MDT", -360, "MST7MDT"), ("PST", -480, "PDT", -420, "PST8PDT"),
    ("AKST", -540, "AKDT", -480, "America/Anchorage"),
    ("AST", -240, "ADT", -180, "America/Halifax"),
    ("IST", 120, "IDT", 180, "Asia/Jerusalem"), ("ACST", 570, "ACDT", 630, "Australia/Adelaide"),
    ("AEST", 600, "AEDT", 660, "Australia/Sydney"), ("NZST", 720, "NZDT", 780, "Pacific/Auckland"),
]  # fmt: skip
_ALONE = {"Z": 0, "UTC": 0, "MSK": 180, "HST": -600, "BRT": -180, "JST": 540, "KST": 540,
          "HKT": 480, "SGT": 480, "AWST": 480}  # fmt: skip
# China or Chicago, Bangladesh or Britain, India or Ireland, Arabia or the Atlantic.
_AMBIGUOUS = {"CST", "BST", "IST", "AST"}
_MINUTES = _ALONE | {
    name: minutes
    for winter, at, summer, later, _ in _PAIRS
    for name, minutes in ((winter, at), (summer, later))
    if name not in _AMBIGUOUS
}
_NAME = "|".join(sorted({*_MINUTES, *_AMBIGUOUS}, key=len, reverse=True))
_ZONE = rf"(?:UTC|GMT)[+-]\d\d?(?::?\d\d)?|[+-]\d\d(?::?\d\d)?|{_NAME}"
_BEHIND = re.compile(rf"(?<=[\d:.M])(\s*)({_ZONE}|utc)$")
_LITERAL = re.compile(rf"(?<!%)({_ZONE})$")
_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d\d?):?(\d\d)?")


def cut_zones(words: Sequence[str]) -> tuple[list[str], list[str], str]:
    """Words without the zone behind the clock; (W,) the zones, [] if none has one; the gap.

    Example:
        >>> cut_zones(["2024-03-31 01:00 CET", "2024-03-31 03:00 CEST"])
        (['2024-03-31 01:00', '2024-03-31 03:00'], ['CET', 'CEST'], ' ')
    """
    if not any(map(_found, words[:50])):
        return list(words), [], ""
    found = [_found(word) for word in words]
    texts = [w[: z.start()] if z else w for w, z in zip(words, found, strict=True)]
    gap = next((match[1] for match in found if match), "")
    return texts, [z[2].upper() if z else "" for z in found], gap


def _found(word: str) -> re.Match[str] | None:
    # A date alone may end like an offset: 2024-01-05.
    return _BEHIND.search(word) if len(word) > 10 else None


def minutes_behind(zones: Sequence[str]) -> Ints | None:
    """(W,) minutes east of Greenwich, None where a name may be several places.

    Example:
        >>> minutes_behind(["CET", "+05:30", "UTC-3", ""]).tolist(), minutes_behind(["CST", "Z"])
        ([60, 330, -180, 0], None)
        >>> minutes_behind(["CST", "CDT"]).tolist()
        [-360, -300]
    """
    names = set(zones) - {""}
    known: dict[str, int | None] = {name: _minutes(name) for name in names} | {"": 0}
    for winter, at, summer, later, _ in _PAIRS:
        if names == {winter, summer}:
            known |= {winter: at, summer: later}
    found = [minutes for zone in zones if (minutes := known[zone]) is not None]
    return np.array(found, dtype=np.int64) if len(found) == len(zones) else None


def _minutes(zone: str) -> int | None:
    match = _OFFSET.fullmatch(zone)
    if match is None:
        return _MINUTES.get(zone)
    return int(f"{match[1]}1") * (int(match[2]) * 60 + int(match[3] or 0))


def zone_of(zones: Sequence[str]) -> str | None:
    """The IANA zone that is called by these two names in turn, None if there is none.

    Example:
        >>> zone_of(["CET", "CEST", "CET"]), zone_of(["+01:00", "+02:00"])
        ('CET', None)
    """
    names = set(zones)
    return next((pair[4] for pair in _PAIRS if names == {pair[0], pair[2]}), None)


def literal_zone(layout: str) -> tuple[str, str]:
    """A format without the zone that is written out at its end, and that zone, "" if none is.

    Example:
        >>> literal_zone("%Y-%m-%d %H:%M CET"), literal_zone("%H:%M%z"), literal_zone("%H:%MZ")
        (('%Y-%m-%d %H:%M ', 'CET'), ('%H:%M%z', ''), ('%H:%M', 'Z'))
    """
    match = _LITERAL.search(layout)
    return (layout[: match.start()], match[1]) if match is not None else (layout, "")
