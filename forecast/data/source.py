"""Where the bytes come from: a file, several, standard input; compressed or not."""

from __future__ import annotations

import glob
import hashlib
import sys
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from forecast.errors import DataError

__all__ = ["LARGE", "Source", "open_sources"]

# From this many bytes on a plain file is handed to the reader by its path, never held whole.
LARGE = 64_000_000
# A compressed file may hold far more than it weighs; past this it is not unpacked in memory.
LARGEST_UNPACKED = 4_000_000_000
_HEAD, _TAIL = 1_000_000, 60_000

_NOTHING = b"\x00\t\n\r \xef\xbb\xbf\xff\xfe"  # blanks, and the marks of encodings
_SUFFIXES = {"gz", "bz2", "xz", "zip", "zst"}


@dataclass(frozen=True, slots=True)
class Source:
    """One file's content, unpacked.

    Attributes:
        name: as the user wrote it, "-" for standard input.
        kind: lower-case suffix without the compression's ("csv", "parquet", "jsonl", "xlsx").
        content: the bytes; only the first and last of them where `path` is set, and of Parquet only
            the first.
        sha256: of the file's bytes as they lie on disk, in hex.
        path: set where the file is large and plain, to be read from disk.
    """

    name: str
    kind: str
    content: bytes
    sha256: str
    path: Path | None = None


def open_sources(source: str) -> list[Source]:
    """The file a path names, or every file a pattern matches, sorted by name; never empty.

    Raises:
        DataError: nothing there, a directory, empty, not readable, corrupt compression.

    Example:
        >>> open_sources("no-such-file.csv")
        Traceback (most recent call last):
        ...
        forecast.errors.DataError: no file no-such-file.csv
    """
    if source == "-":
        return [_from_bytes("-", sys.stdin.buffer.read())]
    path = Path(source).expanduser()
    if not path.exists() and any(mark in source for mark in "*?["):
        names = sorted(glob.glob(str(path), recursive=True))
        if not names:
            raise DataError(f"no file matches {source}", hint="quote the pattern, or check it")
        return [_open(Path(name)) for name in names]
    return [_open(path)]


def _open(path: Path) -> Source:
    try:
        if path.is_dir():
            raise DataError(f"{path} is a directory, not a file", hint=_inside(path))
        if not path.exists():
            raise DataError(f"no file {path}", hint=_nearby(path))
        if path.stat().st_size >= LARGE and _packing(path.name) is None:
            return _large(path)
        return _from_bytes(str(path), path.read_bytes())
    except OSError as error:
        reason = error.strerror or str(error)
        raise DataError(f"cannot read {path}: {reason}", hint="check its permissions") from error
    except ValueError as error:
        raise DataError(f"{str(path)!r} is not a path: {error}") from error


def _large(path: Path) -> Source:
    """A file that is read from disk; `content` is its beginning and its end, in whole lines."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(_HEAD)
        is_parquet = _kind_of(head) == "parquet"
        if not _is_text(path) and not is_parquet:
            return _from_bytes(str(path), head + file.read())
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        if is_parquet:
            return Source(str(path), "parquet", head, digest, path)
        file.seek(max(len(head), size - _TAIL))
        tail = file.read()
    ends = head[: head.rfind(b"\n") + 1] + tail[tail.find(b"\n") + 1 :]
    if size == len(head) + len(tail):
        ends = head + tail
    is_packed = _packing_of(head) is not None or _kind_of(head) != "csv"
    if is_packed or not ends.strip(_NOTHING):
        return _from_bytes(str(path), path.read_bytes())
    return Source(str(path), _kind(path.name), ends, digest, path)


def _is_text(path: Path) -> bool:
    return _kind(path.name) not in {"parquet", "pq", "xlsx", "xls", "jsonl", "ndjson", "json"}


def _from_bytes(name: str, content: bytes) -> Source:
    digest = hashlib.sha256(content).hexdigest()
    packing = _packing_of(content)
    try:
        plain = _unpack(packing, content, name) if packing else content
    except DataError:
        raise
    except Exception as error:  # every codec has errors of its own; all mean the same here
        raise DataError(f"{name} is not a whole {packing} file: {error}") from error
    if not plain.strip(_NOTHING):
        raise DataError(f"{name} is empty", hint="give a file with a header and rows")
    return Source(name, _kind(name) if name != "-" else _kind_of(plain), plain, digest)


def _packing(name: str) -> str | None:
    suffix = Path(name).suffix.lower().lstrip(".")
    return suffix if suffix in _SUFFIXES else None


def _packing_of(content: bytes) -> str | None:
    """The compression by the first bytes, whatever the name says."""
    marks = {b"\x1f\x8b": "gz", b"BZh": "bz2", b"\xfd7zXZ\x00": "xz", b"\x28\xb5\x2f\xfd": "zst"}
    for mark, packing in marks.items():
        if content.startswith(mark):
            return packing
    # A spreadsheet is a zip file too, and is read as one by its own reader.
    is_sheet = b"[Content_Types].xml" in content[:4000] or b"xl/" in content[-4000:]
    return "zip" if content.startswith(b"PK\x03\x04") and not is_sheet else None


def _kind(name: str) -> str:
    stem = Path(name)
    if _packing(name):
        stem = stem.with_suffix("")
    return stem.suffix.lower().lstrip(".")


def _kind_of(content: bytes) -> str:
    if content.startswith(b"PAR1"):
        return "parquet"
    if content.startswith(b"PK\x03\x04"):
        return "xlsx"
    return "jsonl" if content.lstrip()[:1] == b"{" else "csv"


def _unpack(packing: str, content: bytes, name: str) -> bytes:
    import io

    if packing == "zip":
        return _unzip(content, name)
    if packing == "zst":
        import pyarrow

        stream = pyarrow.CompressedInputStream(pyarrow.BufferReader(content), "zstd")
        return _bounded(stream, name)
    import importlib

    opener = importlib.import_module({"gz": "gzip", "bz2": "bz2", "xz": "lzma"}[packing])
    with opener.open(io.BytesIO(content)) as file:
        return _bounded(file, name)


def _bounded(stream, name: str) -> bytes:  # type: ignore[no-untyped-def]
    """All of a stream, unless it is a bomb."""
    parts, total = [], 0
    while part := stream.read(16_000_000):
        parts.append(bytes(part))
        total += len(part)
        if total > LARGEST_UNPACKED:
            raise DataError(f"{name} holds more than {LARGEST_UNPACKED // 10**9} GB unpacked")
    return b"".join(parts)


def _unzip(content: bytes, name: str) -> bytes:
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        inside = [
            item
            for item in archive.infolist()
            if not item.is_dir() and not item.filename.startswith("__MACOSX")
        ]
        if len(inside) != 1:
            names = ", ".join(item.filename for item in inside[:5]) or "nothing"
            raise DataError(
                f"{name} should hold one file, it holds {len(inside)}: {names}",
                hint="unpack it and give one of them, or a pattern",
            )
        with archive.open(inside[0]) as file:
            return _bounded(file, name)


def _inside(path: Path) -> str:
    files = sorted(item.name for item in path.iterdir() if item.suffix.lower() == ".csv")
    return f"give a file, such as {path / files[0]}" if files else "give a file"


def _nearby(path: Path) -> str:
    folder = path.parent
    names = [item.name for item in folder.iterdir()] if folder.is_dir() else []
    close = get_close_matches(path.name, names, n=1)
    return f"did you mean {folder / close[0]}?" if close else "check the path"
