"""Block Kit's limits (docs.slack.dev/reference/block-kit), asked of a payload as Slack would ask them."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

ENTITY = re.compile(r"&(?!(?:amp|lt|gt);)")
LINK = re.compile(r"<https?://[^<>|\s]+\|[^<>]+>")
MOST = {"header": 150, "section": 3000, "context": 3000, "button": 75}


def flaws(payload: Mapping[str, Any]) -> list[str]:
    """Everything for which Slack would refuse this payload, or show what nobody wrote."""
    found = list(_flaws(payload["blocks"]))
    if not 1 <= len(payload["text"]) <= 4000:
        found.append("the text beside the blocks")
    if sum(len(text) for text in texts(payload)) > 12_000:
        found.append("all texts together")
    return found


def texts(payload: Mapping[str, Any]) -> Iterator[str]:
    """Every text that a reader sees."""
    for block in payload["blocks"]:
        for holder in (block, *block.get("elements", ())):
            if isinstance(holder.get("text"), str):
                yield holder["text"]
            elif "text" in holder:
                yield holder["text"]["text"]


def _flaws(blocks: list[Any]) -> Iterator[str]:
    if not 1 <= len(blocks) <= 50:
        yield f"{len(blocks)} blocks"
    for block in blocks:
        kind = block["type"]
        if kind in {"header", "section"}:
            yield from _text(kind, block["text"])
        elif kind == "context":
            yield from _elements(block, 10)
            for element in block["elements"]:
                yield from _text(kind, element)
        elif kind == "actions":
            yield from _elements(block, 25)
            for button in block["elements"]:
                yield from _button(button)
        else:
            yield f"a block of type {kind}"


def _elements(block: Any, most: int) -> Iterator[str]:
    if not 1 <= len(block["elements"]) <= most:
        yield f"{len(block['elements'])} elements in {block['type']}"


def _button(button: Any) -> Iterator[str]:
    yield from _text("button", button["text"])
    if not 1 <= len(button["url"]) <= 3000 or not button["url"].startswith(("http://", "https://")):
        yield f"the address {button['url'][:80]}"


def _text(kind: str, text: Any) -> Iterator[str]:
    if not 1 <= len(text["text"]) <= MOST[kind]:
        yield f"{len(text['text'])} characters in {kind}"
    if (text["type"] == "plain_text") != (kind in {"header", "button"}):
        yield f"{text['type']} in {kind}"
    if text["type"] == "mrkdwn":
        bare = LINK.sub("", text["text"])
        if ENTITY.search(text["text"]) or "<" in bare or re.search(r"^(?!> ).*>", bare, re.MULTILINE):
            yield f"unescaped in {kind}: {bare[:200]}"
