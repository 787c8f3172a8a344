"""The run folder: the only room that knows file names."""

from forecast.store.checkpoint import checkpoint_place, load_checkpoint, save_checkpoint
from forecast.store.document import open_run, open_scores
from forecast.store.folder import Rolled, Run, find_run, shortest
from forecast.store.ledger import About, keep, kept_in, ledger_of, open_kept
from forecast.store.lock import only_writer
from forecast.store.migrate import FORMAT
from forecast.store.publish import new_backtest, new_group, new_run, take_over
from forecast.store.shelf import is_latest, make_latest, remove, runs_in
from forecast.store.sums import read, seal
from forecast.store.write import (
    host,
    new_place,
    plain,
    room,
    see_free,
    write_bytes,
    write_document,
    write_text,
)

__all__ = [
    "FORMAT",
    "About",
    "Rolled",
    "Run",
    "checkpoint_place",
    "find_run",
    "host",
    "is_latest",
    "keep",
    "kept_in",
    "ledger_of",
    "load_checkpoint",
    "make_latest",
    "new_backtest",
    "new_group",
    "new_place",
    "new_run",
    "only_writer",
    "open_kept",
    "open_run",
    "open_scores",
    "plain",
    "read",
    "remove",
    "room",
    "runs_in",
    "save_checkpoint",
    "seal",
    "see_free",
    "shortest",
    "take_over",
    "write_bytes",
    "write_document",
    "write_text",
]
