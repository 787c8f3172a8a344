"""Month names of the languages in which files are most often written."""

from __future__ import annotations

import re

__all__ = ["english"]

_NAMES = {
    "Jan": "january januar jän jänner janv janvier ene enero gennaio gen janeiro januari",
    "Feb": "february februar févr février fév febrero febbraio fevereiro fev februari",
    "Mar": "march märz mär mrz mars marzo março maart mrt",
    "Apr": "april avr avril abr abril aprile",
    "May": "mai mayo maggio mag maio mei",
    "Jun": "june juni juin junio giugno giu junho",
    "Jul": "july juli juil juillet julio luglio lug julho",
    "Aug": "august août aoû aout ago agosto augustus",
    "Sep": "september sept septembre septiembre settembre set setembro",
    "Oct": "october okt oktober octobre octubre ottobre ott outubro out",
    "Nov": "november novembre noviembre novembro",
    "Dec": "december dez dezember déc décembre dic diciembre dicembre dezembro",
}
_ENGLISH = {name: short for short, names in _NAMES.items() for name in names.split()}
_ENGLISH |= {short.lower(): short for short in _NAMES}
_WORD = re.compile(r"[^\W\d_]{3,}\.?")


def english(text: str) -> str:
    """The text with month names in English and short.

    Example:
        >>> english("3. März 2024"), english("15-août-2023"), english("Total")
        ('3. Mar 2024', '15-Aug-2023', 'Total')
    """
    return _WORD.sub(lambda match: _ENGLISH.get(match[0].lower().rstrip("."), match[0]), text)
