"""A page is whole, needs nothing, and takes no text for markup."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.show.headline import Duel, headline
from forecast.show.page import Page, Picture, Section, Table, page_html
from tests.show.walked import walked

HOSTILE = [
    "<script>alert(1)</script>",
    "\"quoted\" & 'single'",
    "</style></svg><img src=x onerror=alert(1)>",
    "{{ 7 * 7 }} {% raw %}",
    "🚲 売上高 مبيعات",
    "a\x00b\x1b[31m\x7f",
    "x" * 200,
    "javascript:alert(1)",
    "&lt;b&gt;",
]


def page_of(text: str) -> Page:
    """A page with the text in every place that takes one."""
    picture = Picture("<svg></svg>", text, text)
    table = Table(text, (text, text), ((text, picture), (text, text)), (1,), strong=0, note=text)
    section = Section(
        text,
        (text,),
        code=text,
        facts=((text, text),),
        pictures=(picture,),
        tables=(table,),
        words=((text, text),),
        links=((text, "groups/MS/report.html"),),
    )
    return Page(text, text, "good", (text,), (section,) * 3, text)


def seen(text: str) -> str:
    """The text as a reader sees it: controls are marked, blanks are one."""
    marked = "".join(c if c.isprintable() or c.isspace() else "\ufffd" for c in text)
    return " ".join(marked.split())


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_is_a_text_wherever_it_stands(text: str) -> None:
    page = walked(page_html(page_of(text)))
    assert page.problems == []
    places = ("title", "h1", "h2", "p", "a", "code", "dt", "dd", "figcaption", "caption", "th")
    for tag in (*places, "td"):
        assert seen(text) in [" ".join(each.split()) for each in page.text(tag)], tag


@settings(max_examples=40)
@given(st.text(min_size=1, max_size=20).filter(str.strip))
def test_any_text_leaves_the_page_whole(text: str) -> None:
    page = walked(page_html(page_of(text)))
    assert page.problems == []
    assert page.tags == walked(page_html(page_of("plain"))).tags


def test_parts_with_nothing_in_them_leave_nothing() -> None:
    page = walked(page_html(Page("t", "h", "even", (), (Section("s"),), "")))
    assert page.problems == []
    for tag in ("nav", "table", "figure", "dl", "pre", "details", "ul"):
        assert tag not in page.tags


def test_the_page_reads_on_a_phone_in_the_dark_and_on_paper() -> None:
    html = page_html(page_of("x"))
    assert '<meta name="viewport" content="width=device-width' in html
    assert "prefers-color-scheme: dark" in html
    assert "@media print" in html
    style = html[html.index("<style>") : html.index("</style>")]
    assert "url(" not in style
    assert "@import" not in style
    # Every colour by name is given in light, in dark and on paper.
    used = set(re.findall(r"var\((--\w+)\)", style))
    for name in used:
        assert style.count(f"{name}:") == 3, name


def test_numbers_stand_to_the_right_and_the_model_stands_out() -> None:
    html = page_html(page_of("x"))
    assert html.count('class="number"') == 3 * 2
    assert html.count('<tr class="strong">') == 3


@pytest.mark.parametrize(
    ("own", "other", "tone", "words"),
    [
        (0.4, 0.8, "good", "off by 50% less than the best simple method, naive"),
        (0.8, 0.4, "bad", "2.0 times as far off as the best simple method"),
        (0.5, 0.4, "bad", "off by 25% more than the best simple method"),
        (0.401, 0.4, "even", "as far off as the best simple method"),
        (0.0, 0.0, "even", "as far off as"),
        (0.1, 0.0, "bad", "the naive method made no error"),
        (0.0, 0.1, "good", "off by 100% less"),
        (float("nan"), 0.4, "unknown", "could not be measured"),
        (0.4, float("inf"), "unknown", "could not be measured"),
    ],
)
def test_the_headline_says_whether_the_model_is_worth_having(
    own: float, other: float, tone: str, words: str
) -> None:
    said, sentence = headline(Duel("LSTM", "naive", "MASE", own, other, "the last 12 steps"))
    assert said == tone
    assert words in sentence
    assert sentence.startswith({"good": "Worth", "bad": "Not worth"}.get(tone, sentence[:1]))


def test_without_a_test_the_headline_says_that_nobody_knows() -> None:
    tone, sentence = headline(None)
    assert tone == "unknown"
    assert "--holdout" in sentence
