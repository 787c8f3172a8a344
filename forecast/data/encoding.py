"""Bytes to text."""

from __future__ import annotations

import re

from forecast.errors import DataError, SpecError

__all__ = ["decode", "encoding_of"]

_BOMS = {
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe\x00\x00": "utf-32",
    b"\x00\x00\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
# What stands in Western headers beside ASCII; the code pages of East Asia make pairs of others.
_GERMAN = frozenset("äöüßÄÖÜ°²³µ€")
_WESTERN = _GERMAN | frozenset(
    "áàâãåæçéèêëíìîïñóòôõøœšúùûýÿžÁÀÂÃÅÆÇÉÈÊËÍÌÎÏÑÓÒÔÕØŒŠÚÙÛÝŽðÐþÞ–—’‘“”«»…·§£¥±×½¼¾ªº¹¿¡®©\xa0"
)


def encoding_of(content: bytes) -> str:
    """The encoding of a text: its byte-order mark, UTF-8 if it is valid, else the likeliest.

    Example:
        >>> encoding_of("Größe;1".encode("utf-16")), encoding_of(b"a,b")
        ('utf-16', 'utf-8')
    """
    for mark, name in _BOMS.items():
        if content.startswith(mark):
            return name
    head = content[:2000]
    if head.count(0) > len(head) // 4:  # every second byte of Latin text in UTF-16 is zero
        return "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"
    try:
        content.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError:
        return _likeliest(content)


def _likeliest(content: bytes) -> str:
    """Decided from the lines that are not ASCII alone: they are what the codecs differ in."""
    lines = [line for line in content.splitlines() if not line.isascii()]
    telling = b"\n".join(lines[:500])[:50_000]
    if _is_western(telling):
        return "cp1252"
    from charset_normalizer import from_bytes

    # A header with one umlaut is too little to tell code pages apart; Windows' Western one
    # (a superset of latin-1) is by far the most common, so others must be clearly better.
    best = from_bytes(
        telling, cp_isolation=["cp1252", "utf_8", "cp932", "gb18030", "euc_kr"]
    ).best()
    name = best.encoding if best is not None else "latin-1"
    try:
        telling.decode(name)
    except (UnicodeDecodeError, LookupError):
        return "latin-1"
    return name


def _is_western(telling: bytes) -> bool:
    """Letters with accents, most of them alone among ASCII, as no two-byte code has them."""
    try:
        letters = {c for c in telling.decode("cp1252") if not c.isascii()}
    except UnicodeDecodeError:
        return False
    runs = re.findall(rb"[\x80-\xff]+", telling)
    is_alone = sum(len(run) == 1 for run in runs) * 2 >= len(runs)
    return letters <= _GERMAN or (is_alone and letters <= _WESTERN)


def decode(content: bytes, encoding: str | None, name: str) -> tuple[str, str]:
    """The text, without a byte-order mark, and the encoding that it was in.

    Raises:
        SpecError: no such encoding.
        DataError: the bytes are not text in the encoding that was asked for.
    """
    chosen = encoding or encoding_of(content)
    try:
        text = content.decode(chosen)
    except LookupError as error:
        raise SpecError(
            f"--encoding {encoding} is not an encoding", hint="such as utf-8, latin-1, utf-16"
        ) from error
    except UnicodeDecodeError as error:
        if encoding is None:  # a byte that the likeliest code page lacks: latin-1 has them all
            text, chosen = content.decode("latin-1"), "latin-1"
        else:
            line = content[: error.start].count(b"\n") + 1
            raise DataError(
                f"{name} is not {encoding}: byte {content[error.start]:#04x} on line {line}",
                hint="leave --encoding out to let it find the encoding",
            ) from error
    if text.count("\x00") > 0:
        raise DataError(f"{name} is not text: it holds zero bytes", hint="give a CSV file")
    return text.removeprefix("\ufeff"), chosen
