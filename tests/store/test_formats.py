"""A run of every format that was ever released loads, and forecasts what it did."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from forecast import store
from forecast.errors import RunError
from forecast.flows.recall import recall
from forecast.store.migrate import migrated
from tests.store.kept import BUNDLES, NEWEST, copied, expected, forecast_of


@pytest.mark.parametrize("bundle", BUNDLES, ids=lambda bundle: bundle.name)
def test_a_run_of_every_format_forecasts_what_it_did_on_its_day(bundle: Path) -> None:
    np.testing.assert_allclose(forecast_of(store.Run(bundle)), expected(bundle), rtol=1e-5)


def test_every_format_has_a_run_that_is_kept() -> None:
    formats = {json.loads((bundle / "run.json").read_text())["format"] for bundle in BUNDLES}
    assert formats == set(range(1, store.FORMAT + 1))


def test_a_run_from_before_last_year_was_looked_at_does_not_look_at_it() -> None:
    early = store.Run(next(bundle for bundle in BUNDLES if bundle.name.endswith("early")))
    assert "year" not in json.loads(early.document.read_text())["plan"]
    made = recall(early)
    assert (made.plan.year, made.spec.net.last_year) == (0, "no")


def test_what_a_document_says_is_not_overruled_by_its_migration() -> None:
    old = {"format": 1, "spec": {"net": {"last_year": "yes"}}, "plan": {"year": 364}}
    new = migrated(old)
    assert (new["spec"]["net"]["last_year"], new["plan"]["year"]) == ("yes", 364)


def test_a_run_of_groups_has_no_plan_and_is_migrated_all_the_same() -> None:
    new = migrated({"format": 1, "spec": {"net": {}}, "groups": []})
    assert new == {"format": 3, "spec": {"net": {"last_year": "no"}}, "groups": []}


def test_a_run_from_before_there_were_blends_is_the_networks_alone() -> None:
    old = store.Run(next(bundle for bundle in BUNDLES if bundle.name == "format-2"))
    made = recall(old)
    assert made.finish.is_network_alone
    assert made.finish.calibration is None


def test_a_newer_format_is_refused_with_the_way_to_upgrade(tmp_path: Path) -> None:
    run = copied(NEWEST, tmp_path)
    document = json.loads(run.document.read_text()) | {"format": store.FORMAT + 1}
    run.document.write_text(json.dumps(document))
    store.seal(run)
    with pytest.raises(RunError, match=f"format {store.FORMAT + 1}") as caught:
        recall(run)
    assert "pip install --upgrade" in caught.value.hint
