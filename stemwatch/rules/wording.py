"""What rules say in plain words. Pure."""

from collections.abc import Iterator, Sequence

from stemwatch.rules.language import Condition

PLAIN = {
    "baseline": "was there at the first look",
    "added": "is new",
    "edited": "was edited",
    "closed_out": "was closed out",
    "responded": "got a response",
    "delisted": "is no longer listed",
    "relisted": "is listed again",
    "reissued": "was reissued",
}

_CAUSES = {
    "source": "",
    "parser": "is seen because our reading changed",
    "backfill": "is seen because we looked further back",
    "rekey": "is seen because its id moved",
}

_SAID = {
    "sources": "is from {}",
    "jurisdictions": "is from {}",
    "regulators": "is by {}",
    "kinds": "is of the kind {}",
    "stages": "has come as far as {}",
    "relevance": "counts as {}",
    "products": "is about {}",
    "routes": "speaks of the route {}",
    "clinics": "names {}",
    "people": "names {}",
    "places": "names {}",
    "query": "fits the search {}",
}


def reason(key: str, words: Sequence[str]) -> str:
    """Why a change meets a key by these words of it; empty where there is nothing to tell."""
    match key:
        case "verbs":
            return PLAIN[words[0]]
        case "causes":
            return _CAUSES[words[0]]
        case "sources" | "query" | "clinics" | "people" | "places":
            return _SAID[key].format(series(words))
    return _SAID[key].format(series([word.replace("_", " ") for word in words]))


def series(words: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b, and c`."""
    if len(words) < 3:
        return " and ".join(words)
    return ", ".join(words[:-1]) + ", and " + words[-1]


def sentence(reasons: Sequence[str], title: str = "") -> str:
    told = f"t {series(reasons)}."
    return f"“{title}”: i{told}" if title else f"I{told}"


def described(condition: Condition) -> str:
    """A table in one line, for whoever wrote it."""
    return "; ".join(_parts(condition))


def _parts(condition: Condition) -> Iterator[str]:
    for key, words in condition.lists():
        yield f"{key}: {', '.join(words) or 'none'}"
    if condition.query is not None:
        yield f"query: {condition.query}"
    for key in ("all", "any", "none"):
        if inner := getattr(condition, key):
            yield f"{key} of {', '.join(f'({described(table)})' for table in inner)}"
