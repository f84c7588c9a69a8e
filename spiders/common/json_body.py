"""The JSON of an answer, read strictly."""

import json
from typing import Any

from spiders.common.fetching import Response, header
from spiders.common.stop import Stop, Unusable
from stemwatch.words import Verdict


def check_json(response: Response) -> None:
    """Stop or Unusable when an answer is not JSON: an HTML page in its place is a block, all else a new layout."""
    if response.status != 200:
        raise Unusable("unreachable", f"{response.url} answered {response.status}.")
    kind = header(response, "Content-Type").split(";")[0].strip().lower()
    if response.body[:1024].lstrip()[:1] == b"<":
        raise Stop("blocked", f"{response.url} answered with an HTML page where JSON was due.")
    if kind != "application/json" and not kind.endswith("+json"):
        raise Unusable("layout_changed", f"{response.url} answered with {kind or 'no type'} where JSON was due.")


def read_json(response: Response) -> Any:
    """The JSON of an answer; Stop or Unusable when it is none."""
    check_json(response)
    try:
        return json.loads(response.body)
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data":
            raise ends_early(response) from None
        raise Unusable("layout_changed", f"{response.url} answered with bytes that are not text.") from None
    except (ValueError, RecursionError):
        raise ends_early(response) from None


def ends_early(response: Response) -> Unusable:
    """JSON that breaks off was cut on its way; what never began as JSON is a new layout."""
    cut = response.body[:1024].lstrip()[:1] in (b"{", b"[")
    verdict: Verdict = "unreachable" if cut else "layout_changed"
    return Unusable(verdict, f"{response.url} answered with JSON that ends early.")


def dig(value: Any, path: str) -> Any:
    """What lies at a dotted path of mappings; None where one is missing or is no mapping (PHP's
    empty one is a list)."""
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value
