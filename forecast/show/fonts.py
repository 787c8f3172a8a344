"""Letters of every script: a font that has them, or something readable in their place."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache
from itertools import groupby

from matplotlib.figure import Figure
from matplotlib.font_manager import FontEntry, fontManager, get_font, weight_dict
from matplotlib.text import Text

__all__ = ["families_for", "readable", "spell_out"]

# It comes with matplotlib and has the alphabets, but no Chinese, Japanese or Korean.
OURS = "DejaVu Sans"
# Looked into before any other font: one of these is there on most desktops.
KNOWN = (
    "Noto Sans CJK JP",
    "Noto Sans CJK SC",
    "Source Han Sans",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Hiragino Sans",
    "PingFang SC",
    "Apple SD Gothic Neo",
    "Microsoft YaHei",
    "Yu Gothic",
    "Malgun Gothic",
    "Arial Unicode MS",
    "Noto Sans",
    "Noto Emoji",
    "Symbola",
)
MOST_FONTS = 200  # looked into; opening one takes a millisecond or two
WEIGHTS = (400, 700)  # plain and bold
MOST_TOLD = 6  # letters without a font, one after the other
NO_FONT = "Last Resort"  # has a box for every letter


def families_for(texts: Iterable[str]) -> list[str]:
    """The font families that together have most of the letters, the house's own first.

    Example:
        >>> families_for(["plain letters, größer, Ελλάδα"])
        ['DejaVu Sans']
    """
    families = [OURS]
    missing = {letter for text in texts for letter in text if not letter.isspace()} - _letters(OURS)
    for family in _candidates() if missing else ():
        if found := missing & _letters(family):
            families.append(family)
            missing -= found
        if not missing:
            break
    return families


def readable(text: str, families: Iterable[str]) -> str:
    """The text with names of symbols and numbers of letters where none of the fonts has them.

    Example:
        >>> readable("🚲 rides of 売上", ["DejaVu Sans"])
        '[bicycle] rides of [58F2 4E0A]'
    """
    known = frozenset(_AS_IS).union(*map(_letters, families))
    runs = groupby(text, lambda letter: letter.isspace() or letter in known)
    return "".join("".join(run) if drawn else _told("".join(run)) for drawn, run in runs)


def spell_out(figure: Figure) -> None:
    """Make every text of a figure one that can be drawn."""
    texts = [each for each in figure.findobj(Text) if isinstance(each, Text)]
    families = families_for(each.get_text() for each in texts)
    for each in texts:
        if not _letters(OURS).issuperset(each.get_text().replace("\n", "")):
            each.set_text(readable(each.get_text(), families))
            # The names themselves: of "sans-serif" matplotlib takes the first that is there.
            each.set_fontfamily(families)


_AS_IS = "\u200d\ufe0e\ufe0f"  # joiners and variants: nothing to be seen


def _told(run: str) -> str:
    """What stands for letters that cannot be drawn: a symbol's name, or the letters' numbers."""
    seen = [letter for letter in run if unicodedata.category(letter) not in ("Cc", "Cf")]
    words = [
        unicodedata.name(letter, "symbol").lower()
        if unicodedata.category(letter) == "So"
        else f"{ord(letter):04X}"
        for letter in seen[:MOST_TOLD]
    ]
    more = ["…"] if len(seen) > MOST_TOLD else []
    return f"[{' '.join(words + more)}]" if words else ""


@cache
def _candidates() -> list[str]:
    """The other families that are installed, the likeliest first."""
    names = fontManager.get_font_names()
    found = {name for name in names if not name.startswith(NO_FONT)} - {OURS}
    likely = [name for name in KNOWN if name in found]
    return (likely + sorted(found - set(likely)))[:MOST_FONTS]


@cache
def _letters(family: str) -> frozenset[str]:
    """The letters that a family has, plain and bold; none where its files cannot be read."""
    files = [each for each in fontManager.ttflist if each.name == family and each.style == "normal"]
    if not files:
        return frozenset()
    paths = {min(files, key=lambda each: abs(_weight(each) - bold)).fname for bold in WEIGHTS}
    try:
        charmaps = [frozenset(map(chr, get_font(path).get_charmap())) for path in paths]
    except (OSError, RuntimeError):
        return frozenset()
    return frozenset.intersection(*charmaps)


def _weight(file: FontEntry) -> int:
    """100 to 900; a name counts as its number."""
    return weight_dict.get(file.weight, 400) if isinstance(file.weight, str) else int(file.weight)
