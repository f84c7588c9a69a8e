"""The elements of a picture, written as XML that HTML reads, too."""

from collections.abc import Iterable
from typing import NamedTuple
from xml.etree import ElementTree

Element = ElementTree.Element


class Caption(NamedTuple):
    """What a picture is called and shows. `key` tells its ids from those of other pictures on the page."""

    key: str
    title: str
    about: str


def element(name: str, text: str = "", **attributes: float | str) -> Element:
    """One element; an underscore at the end of an attribute's name is dropped, one within becomes a dash."""
    made = Element(name, {_dashed(key): _number(value) for key, value in attributes.items()})
    made.text = text
    return made


def picture(caption: Caption, width: float, height: float, children: Iterable[Element]) -> str:
    """The whole picture as text; it shrinks and grows with the page."""
    named = {"title": f"{caption.key}-title", "desc": f"{caption.key}-desc"}
    root = element(
        "svg",
        viewBox=f"0 0 {_number(width)} {_number(height)}",
        width=width,
        height=height,
        role="img",
        aria_labelledby=" ".join(named.values()),
    )
    root.append(element("title", caption.title, id=named["title"]))
    root.append(element("desc", caption.about, id=named["desc"]))
    root.extend(children)
    return written(root)


def _dashed(name: str) -> str:
    return name.rstrip("_").replace("_", "-")


def written(root: Element) -> str:
    """An element with all that is in it, as text."""
    return ElementTree.tostring(root, encoding="unicode")


def _number(value: float | str) -> str:
    """A figure with no more digits than a screen shows."""
    return value if isinstance(value, str) else f"{round(value, 1):g}"
