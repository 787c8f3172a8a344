"""The ledger: every forecast that was made, kept so that it can be held against what happened.

output/ledger/20261121T021500123456Z-4711-3f2a.arrow

An Arrow IPC file (Feather 2) for each forecast, in format 1: a row for each step of each series,
with the columns

    series          the series' name; "" where there is only one
    cutoff          the time stamp of the last row that was seen
    step            1 is the first after the cutoff
    time            the time stamp of the step
    q0.5, q0.1 ...  what was forecast, in the data's units, at each quantile level

(times without a zone: instants in UTC where `tz` is set, wall-clock time else, or whole numbers),
and in the schema's metadata, under the key "forecast", the JSON of `About`.

Files are only ever added and, the oldest first, removed. Each is written aside and renamed under a
name that no other process gives, so that writers need not wait for one another, and one that is
killed leaves nothing that a reader would take for a forecast.
"""

from __future__ import annotations

import dataclasses
import json
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forecast.errors import RunError
from forecast.spec import LedgerSpec, typed
from forecast.store.folder import Run
from forecast.store.write import write_bytes
from forecast.types import Floats, Forecast, Times

__all__ = ["About", "keep", "kept_in", "ledger_of", "open_kept"]

FORMAT = 1
KEY = b"forecast"
KIND = "kept"  # of drafts
ENDING = ".arrow"
LARGEST = 1e37  # that half a double still holds


@dataclass(frozen=True, slots=True)
class About:
    """What is known of a kept forecast beside its numbers.

    Attributes:
        made: ISO time, UTC.
        command: that made it.
        run: the name of the run's folder.
        source: the file that the run was trained on.
        target: the column that was forecast.
        ids: the columns that name the series.
        freq: as in `Panel`.
        tz: as in `Panel`.
        levels: (Q,) quantile levels.
        horizon: H, rows of each series.
        known: the last time stamp that the training had seen, "" where the run does not say.
        format: of the file.
    """

    made: str
    command: str
    run: str
    source: str
    target: str
    ids: tuple[str, ...]
    freq: str
    tz: str | None
    levels: tuple[float, ...]
    horizon: int
    known: str = ""
    format: int = FORMAT


def ledger_of(run: Run) -> Path:
    """The ledger that a run's forecasts go to: its output folder's, or its own where it is alone.

    A run that was copied out of its output folder has nobody else to keep them.
    """
    place = run.folder.resolve()
    if place.parent.name == "groups":
        place = place.parent.parent
    output = place.parent.parent
    at_home = place.parent.name == "runs" and os.path.lexists(output / "latest")
    return (output if at_home else place) / "ledger"


def keep(ledger: Path, about: About, forecast: Forecast, bounds: LedgerSpec) -> Path:
    """Add a forecast, and let the oldest go where there are too many. Its file.

    Raises:
        OutputError: it cannot be written; the others are still there.
    """
    stamp = datetime.fromisoformat(about.made).strftime("%Y%m%dT%H%M%S%fZ")
    path = ledger / f"{stamp}-{os.getpid()}-{secrets.token_hex(2)}{ENDING}"
    write_bytes(path, _packed(about, forecast), KIND)
    _let_go(ledger, bounds, path)
    return path


def kept_in(ledger: Path) -> list[Path]:
    """The files of the ledger, the oldest first."""
    return sorted(ledger.glob(f"[!.]*{ENDING}"))


def open_kept(path: Path) -> tuple[About, Forecast] | None:
    """A kept forecast; None where it was let go in between.

    Raises:
        RunError: the file is no forecast, is damaged, or is of a newer version.
    """
    import pyarrow as pa

    try:
        with pa.ipc.open_file(pa.BufferReader(path.read_bytes())) as file:
            return _unpacked(file.read_all())
    except FileNotFoundError:
        return None
    except (OSError, pa.ArrowException, KeyError, TypeError, ValueError) as error:
        raise RunError(
            f"{path} cannot be read: {str(error).splitlines()[0]}",
            hint="remove it, or upgrade where a newer version wrote it",
        ) from error


def _packed(about: About, forecast: Forecast) -> bytes:
    """The file's content; Parquet's code would add 9 MB to a `predict` that needs 150."""
    import pyarrow as pa

    windows, horizon = forecast.time.shape
    owner = _arrow(np.repeat(np.arange(windows, dtype=np.int32), horizon))
    columns: dict[str, Any] = {
        "series": pa.DictionaryArray.from_arrays(owner, _arrow_texts(forecast.ids.tolist())),
        "cutoff": np.repeat(forecast.cutoff, horizon),
        "step": np.tile(np.arange(1, horizon + 1, dtype=np.int32), windows),
        "time": forecast.time.ravel(),
    }
    # Seven digits say how far off a forecast was; half the size, and a third of the time.
    half = _largest(forecast.values) < LARGEST
    for place, level in enumerate(forecast.levels):
        said = forecast.values[:, :, place].ravel()
        columns[f"q{level:g}"] = said.astype(np.float32) if half else said
    text = json.dumps(dataclasses.asdict(about))
    columns = {
        name: _arrow(values) if isinstance(values, np.ndarray) else values
        for name, values in columns.items()
    }
    table = pa.table(columns).replace_schema_metadata({KEY: text.encode()})
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.ipc.new_file(sink, table.schema, options=options) as file:
        file.write_table(table)
    content: bytes = sink.getvalue().to_pybytes()
    return content


def _arrow(values: NDArray[Any]) -> Any:
    """(n,) a column of Arrow. `pa.array` would import pandas, to see that this is none of it."""
    import pyarrow as pa

    kind = pa.from_numpy_dtype(values.dtype)
    plain = np.ascontiguousarray(values).view(f"i{values.dtype.itemsize}")
    return pa.Array.from_buffers(kind, len(plain), [None, pa.py_buffer(plain)])


def _arrow_texts(texts: list[str]) -> Any:
    """(n,) the same of texts."""
    import pyarrow as pa

    parts = [text.encode() for text in texts]
    ends = np.cumsum([0, *map(len, parts)], dtype=np.int32)
    buffers = [None, pa.py_buffer(ends), pa.py_buffer(b"".join(parts))]
    return pa.Array.from_buffers(pa.string(), len(parts), buffers)


def _largest(values: Floats) -> float:
    return float(np.max(np.abs(values), where=np.isfinite(values), initial=0.0))


def _unpacked(table: Any) -> tuple[About, Forecast]:
    """Of a table as it was written.

    Raises:
        KeyError, TypeError, ValueError: it is none of ours.
    """
    fields = json.loads(table.schema.metadata[KEY])
    if fields["format"] > FORMAT:
        raise ValueError(f"format {fields['format']}, this version reads up to {FORMAT}")
    about = typed(About, fields)
    shape = (-1, about.horizon)
    levels = [table.column(f"q{level:g}").to_numpy().reshape(shape) for level in about.levels]
    first = slice(None, None, about.horizon)
    values: Floats = np.stack(levels, axis=2).astype(np.float64)
    cutoff: Times = table.column("cutoff").to_numpy()[first]
    series = table.column("series").combine_chunks()
    return about, Forecast(
        values=values,
        levels=about.levels,
        time=table.column("time").to_numpy().reshape(shape),
        ids=np.array(series.take(np.arange(len(series))[first]).to_pylist(), dtype=str),
        cutoff=cutoff,
    )


def _let_go(ledger: Path, bounds: LedgerSpec, newest: Path) -> None:
    """Remove the oldest files beyond the bounds; another process may be doing the same."""
    sizes = {}
    with os.scandir(ledger) as found:
        for each in found:
            if each.name.endswith(ENDING):
                with suppress(FileNotFoundError):
                    sizes[each.name] = each.stat().st_size
    size = 0
    for count, name in enumerate(sorted(sizes, reverse=True), 1):
        size += sizes[name]
        if name != newest.name and (count > bounds.forecasts or size > bounds.size):
            with suppress(OSError):
                (ledger / name).unlink()
