"""Why a table of the settings cannot be understood: a sentence about the table and the key as they are written."""

import re
from collections.abc import Iterator, Sequence

import msgspec
from msgspec import inspect

_STEP = re.compile(r"\.?([^.\[\]]+)|\[(\d+|\.\.\.)\]")
_VALUE = "Invalid enum value "
_TIME = "Invalid RFC3339 encoded time"
_SAID = (
    (re.compile(r"Object missing required field (`\w+`)"), r"lacks \1"),
    (re.compile(r"Object contains unknown field (`.*`)"), r"has the unknown key \1"),
    (re.compile(r"Expected (.*)"), r"is not as it should be: expected \1"),
)


def complaint(error: msgspec.ValidationError, kind: type, raw: object) -> str:
    """What `raw`, which should be of this kind, has wrong, without a full stop. No value is quoted but words."""
    said, _, at = str(error).partition(" - at `$")
    steps = [name or number for name, number in _STEP.findall(at.rstrip("`"))]
    place = " of ".join(reversed(list(_place(raw, steps)))) or "it"
    if said.startswith(_VALUE):
        known = ", ".join(map(str, _known(inspect.type_info(kind), steps)))
        return f"{place} has the unknown word {said.removeprefix(_VALUE)}; known: {known}"
    if said == _TIME:
        return f"{place} is no time of day: write it as 08:00:00"
    for pattern, words in _SAID:
        said = pattern.sub(words, said)
    return f"{place} {said}"


def _place(raw: object, steps: Sequence[str]) -> Iterator[str]:
    """Names on the way; that of a table in a list is what it says, if it says one. msgspec hides other keys."""
    listed = ""
    for step in steps:
        if step == "...":
            yield "a table"
        elif isinstance(raw, dict):
            raw, listed = raw.get(step), step
            if not isinstance(raw, (list, tuple)) or step == steps[-1]:
                yield f"`{step}`"
        elif isinstance(raw, (list, tuple)) and step.isdigit():
            raw = raw[int(step)]
            name = raw.get("name") if isinstance(raw, dict) else None
            yield f"{listed.removesuffix('s')} {name!r}" if isinstance(name, str) else f"`{listed}`"
        else:
            yield f"`{step}`"


def _known(kind: inspect.Type, steps: Sequence[str]) -> Iterator[object]:
    """The words that may stand at the end of this way."""
    if isinstance(kind, inspect.UnionType):
        for one in kind.types:
            yield from _known(one, steps)
    elif isinstance(kind, inspect.Metadata):
        yield from _known(kind.type, steps)
    elif steps:
        for one in _inside(kind, steps[0]):
            yield from _known(one, steps[1:])
    elif isinstance(kind, inspect.LiteralType):
        yield from kind.values


def _inside(kind: inspect.Type, step: str) -> Iterator[inspect.Type]:
    if isinstance(kind, inspect.StructType):
        yield from (field.type for field in kind.fields if field.encode_name == step)
    elif isinstance(kind, (inspect.VarTupleType, inspect.ListType)):
        yield kind.item_type
    elif isinstance(kind, inspect.DictType):
        yield kind.value_type
