"""A page read as a browser's parser reads it: its tree, its texts, what it would fetch."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

__all__ = ["Walked", "walked"]

VOID = {"meta", "link", "img", "br", "hr", "input"}
FETCHING = {"src", "href", "xlink:href", "srcset", "data", "poster", "action"}


@dataclass
class Walked(HTMLParser):
    """What was found on the way.

    Attributes:
        tags: name -> how often it was opened.
        texts: (the tag it stands in, the text), in their order.
        asked: what the page would have to fetch, or leads to.
        named: ids, each as often as it is given.
        problems: what is wrong, a sentence each.
    """

    tags: dict[str, int] = field(default_factory=dict)
    texts: list[tuple[str, str]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    named: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """One more level, but for elements that have no end."""
        self._see(tag, attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element of SVG without content."""
        self._see(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        """One level less, of the same name."""
        if not self.open or self.open[-1] != tag:
            self.problems.append(f"</{tag}> within {self.open[-3:]}")
        else:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        """A text between two tags."""
        if data.strip():
            self.texts.append((self.open[-1] if self.open else "", data.strip()))

    def _see(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] = self.tags.get(tag, 0) + 1
        given = dict(attrs)
        if tag == "img" and "alt" not in given:
            self.problems.append("an image without alt")
        if given.get("role") == "img" and not given.get("aria-label"):
            self.problems.append("a picture without a description")
        self.problems += [f"<{tag} {name}>" for name in given if name.startswith("on")]
        self.asked += [value or "" for name, value in attrs if name in FETCHING]
        self.named += [value or "" for name, value in attrs if name == "id"]

    def text(self, tag: str) -> list[str]:
        """What stands directly in elements of this name."""
        return [text for place, text in self.texts if place == tag]


def walked(html: str) -> Walked:
    """The page, walked to its end; it has to be whole, and to need nothing from elsewhere."""
    page = Walked()
    page.feed(html)
    page.close()
    page.problems += [f"<{tag}> is not closed" for tag in page.open]
    page.problems += [f"{page.tags.get('h1', 0)} h1"] if page.tags.get("h1") != 1 else []
    page.problems += ["a script"] if "script" in page.tags else []
    page.problems += [
        f"it asks for {each}"
        for each in page.asked
        if not each.startswith(("#", "data:", "groups/"))
    ]
    page.problems += [f"id {each} twice" for each in set(page.named) if page.named.count(each) > 1]
    return page
