"""Skeletons of dates and clocks, and the strptime formats that they may be written in."""

from __future__ import annotations

import re

__all__ = ["ANY", "clock_format", "formats_of", "skeleton"]

ANY = "any"
_S = r"(\. ?|, ?|[-/ ])"
# Skeleton of a date -> its format for each order it may be written in. Groups are separators.
_DATES: list[tuple[str, dict[str, str]]] = [
    (rf"0000{_S}00?{_S}00?", {ANY: "%Y{0}%m{1}%d"}),
    (r"00000000", {ANY: "%Y%m%d"}),
    (rf"0000{_S}00?", {ANY: "%Y{0}%m"}),
    (rf"00?{_S}0000", {ANY: "%m{0}%Y"}),
    (rf"00?{_S}00?{_S}0000", {"dayfirst": "%d{0}%m{1}%Y", "monthfirst": "%m{0}%d{1}%Y"}),
    (
        rf"00?{_S}00?{_S}00",
        {
            "dayfirst": "%d{0}%m{1}%y",
            "monthfirst": "%m{0}%d{1}%y",
            "yearfirst": "%y{0}%m{1}%d",
        },
    ),
    (rf"Mon{_S}00?{_S}0000", {ANY: "%b{0}%d{1}%Y"}),
    (rf"00?{_S}Mon{_S}0000", {ANY: "%d{0}%b{1}%Y"}),
    (rf"00?{_S}Mon{_S}00", {"dayfirst": "%d{0}%b{1}%y", "yearfirst": "%y{0}%b{1}%d"}),
    (r"00?Mon0000", {ANY: "%d%b%Y"}),
    (rf"0000{_S}Mon{_S}00?", {ANY: "%Y{0}%b{1}%d"}),
    (rf"Mon{_S}0000", {ANY: "%b{0}%Y"}),
    (rf"0000{_S}Mon", {ANY: "%Y{0}%b"}),
    (rf"Mon{_S}00", {ANY: "%b{0}%y"}),
    (rf"00{_S}Mon", {ANY: "%y{0}%b"}),
    (r"0000([ -]?)M([ -]?)00?", {ANY: "%Y{0}M{1}%m"}),
    (r"0000([ -]?)Q0", {ANY: "%Y{0}Q%q"}),
    (rf"Q0{_S}?0000", {ANY: "Q%q{0}%Y"}),
    (r"0Q([ -]?)0000", {ANY: "%qQ{0}%Y"}),
    (r"0000(-?)W00", {ANY: "%G{0}W%V"}),
    (r"0000(-?)W00(-?)0", {ANY: "%G{0}W%V{1}%u"}),
    (r"0000", {ANY: "%Y"}),
    (r"00?(-)00", {ANY: "%y{0}%m"}),
]
_DATE_PATTERNS = [(re.compile(pattern), formats) for pattern, formats in _DATES]
_CLOCK = re.compile(r"00?(?:([:.h])00(?:([:.])00(?:([.,])0+)?)?)?( ?[AP]M)?")
_PARTS = re.compile(r"(?P<date>.*?)(?P<gap>T|[ ,;]+)(?P<clock>00?[:.h]00.*|00?(?: ?[AP]M)?)")
_DIGITS = str.maketrans("123456789", "000000000")
_MONTH = re.compile(r"(?<![A-Za-z])(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)(?![a-z])")


def skeleton(word: str) -> str:
    """What a word looks like: digits as 0, months as Mon.

    Example:
        >>> skeleton("Feb 23, 2018"), skeleton("2004-01-31T07:30")
        ('Mon 00, 0000', '0000-00-00T00:00')
    """
    text = word.translate(_DIGITS)
    return text if text.isascii() and not any(map(str.isalpha, text)) else _MONTH.sub("Mon", text)


def formats_of(shape: str) -> dict[str, str]:
    """Order -> format, for the words of a skeleton; empty if it is no time."""
    date, clock = shape, ""
    parts = _PARTS.fullmatch(shape)
    if parts is not None:
        clock = clock_format(parts["clock"])
        if not clock:
            return {}
        date, clock = parts["date"], parts["gap"] + clock
    for pattern, formats in _DATE_PATTERNS:
        match = pattern.fullmatch(date)
        if match is not None:
            gaps = [gap or "" for gap in match.groups()]
            return {key: value.format(*gaps) + clock for key, value in formats.items()}
    return {}


def clock_format(clock: str) -> str:
    match = _CLOCK.fullmatch(clock)
    if match is None:
        return ""
    first, second, fraction, half = match.groups()
    text = "%I" if half else "%H"
    text += f"{first}%M" if first else ""
    text += f"{second}%S" if second else ""
    text += f"{fraction}%f" if fraction else ""
    return text + (half.replace("AM", "%p").replace("PM", "%p") if half else "")
