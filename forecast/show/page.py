"""A page that a browser shows without a network and without a script: text, tables, pictures.

Every text is data and is escaped; the only markup that is taken as it stands is that of a
`Picture`, which `show.vector` and `show.spark` make.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import jinja2
from markupsafe import Markup

__all__ = ["Cell", "Page", "Picture", "Section", "Table", "page_html"]

TEMPLATES = Path(__file__).with_name("templates")


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing.

    Attributes:
        element: SVG, or an image with its data.
        alt: what it shows, for who cannot see it.
        caption: what to see in it, "" for nothing more.
    """

    element: str
    alt: str
    caption: str = ""


Cell = str | Picture


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head.

    Attributes:
        caption: what it holds.
        head: names of the columns; the first names the rows.
        rows: as many cells each.
        numbers: places of the columns that are set to the right.
        strong: place of the row that stands out, None for none.
        wide: whether it takes the whole width, or stands beside a picture where there is room.
        note: what is left out, "" for nothing.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numbers: tuple[int, ...] = ()
    strong: int | None = None
    wide: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page.

    Attributes:
        title: its heading.
        text: paragraphs.
        code: a command to type.
        facts: names and values.
        pictures: side by side where there is room.
        tables: under them.
        words: terms and what they mean.
        links: texts and where they lead, relative to the page.
    """

    title: str
    text: tuple[str, ...] = ()
    code: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    pictures: tuple[Picture, ...] = ()
    tables: tuple[Table, ...] = ()
    words: tuple[tuple[str, str], ...] = ()
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A whole page.

    Attributes:
        title: what it is about; its one heading of the first rank.
        headline: what there is to know, in a sentence.
        tone: "good", "even", "bad" or "unknown", the colour beside the headline.
        lead: more sentences.
        sections: in their order.
        foot: who made it, and when.
    """

    title: str
    headline: str
    tone: str
    lead: tuple[str, ...]
    sections: tuple[Section, ...]
    foot: str


def page_html(page: Page) -> str:
    """The page as HTML, one file with everything in it.

    Example:
        >>> page = Page("<b>", "Fine.", "good", (), (Section("Data", text=("a & b",)),), "")
        >>> html = page_html(page)
        >>> "<h1>&lt;b&gt;</h1>" in html, "<p>a &amp; b</p>" in html
        (True, True)
    """
    return _template().render(page=page)


@cache
def _template() -> jinja2.Template:
    """What a page is filled into; compiled once."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["drawn"] = _drawn
    environment.filters["legible"] = _legible
    environment.tests["picture"] = lambda cell: isinstance(cell, Picture)
    return environment.get_template("page.html.j2")


def _drawn(picture: Picture) -> Markup:
    """The element, which is markup: its texts were escaped when it was drawn."""
    return Markup(picture.element)


def _legible(text: str) -> str:
    """The text with a mark for every control character, none of which HTML takes."""
    return "".join(c if c.isprintable() or c.isspace() else "\ufffd" for c in text)
