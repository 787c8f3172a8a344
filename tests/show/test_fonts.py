"""Letters that no font has are told in others, and never drawn as boxes."""

from __future__ import annotations

import pytest
from matplotlib.font_manager import FontEntry, fontManager

from forecast import show
from forecast.show import fonts
from tests.show.made import ahead, panel_of


def test_letters_of_the_alphabets_need_no_other_font() -> None:
    assert fonts.families_for(["plain", "Überfälle – größer", "Ελλάδα", "Привет", "مبيعات"]) == [
        "DejaVu Sans"
    ]


def test_a_font_that_has_the_letters_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = fonts._letters("DejaVu Sans")
    letters = {"DejaVu Sans": ours, "A": frozenset("売"), "B": frozenset("売上")}
    monkeypatch.setattr(fonts, "_letters", letters.__getitem__)
    monkeypatch.setattr(fonts, "_candidates", lambda: ["A", "B"])
    assert fonts.families_for(["売"]) == ["DejaVu Sans", "A"]
    assert fonts.families_for(["売上"]) == ["DejaVu Sans", "A", "B"]
    assert fonts.families_for(["高"]) == ["DejaVu Sans"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("🚲 rides", "[bicycle] rides"),
        ("売上 (x)", "[58F2 4E0A] (x)"),
        ("a\x1bb", "ab"),
        ("あいうえおかきく", "[3042 3044 3046 3048 304A 304B …]"),
        ("👩\u200d💻", "[woman]\u200d[personal computer]"),
        ("plain", "plain"),
    ],
)
def test_what_cannot_be_drawn_is_told(text: str, told: str) -> None:
    assert fonts.readable(text, ["DejaVu Sans"]) == told


def test_a_font_whose_file_is_broken_has_no_letters(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    entry = FontEntry(fname=f"{tmp_path}/none.ttf", name="Broken Sans", weight=400, style="normal")
    monkeypatch.setattr(fontManager, "ttflist", [*fontManager.ttflist, entry])
    assert fonts._letters("Broken Sans") == frozenset()
    assert fonts._letters("No Such Font") == frozenset()


def test_a_title_is_spelt_out_before_it_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_candidates", list)
    panel = panel_of(column="売上 of 🚲")
    figure = show.forecast_figure(panel, ahead(panel))
    fonts.spell_out(figure)
    assert figure.get_suptitle() == "Forecast of [58F2 4E0A] of [bicycle]"
