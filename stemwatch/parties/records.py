"""What a notice says about who is involved, each with the characters that say it."""

from typing import Literal

import msgspec

Tie = Literal[
    "subject",
    "alias",
    "former",
    "sister",
    "parent",
    "affiliate",
    "supplier",
    "customer",
    "codefendant",
    "named",
]
"""How a firm stands to the notice or to another firm: `subject` is whom the notice is about or addressed to;
`alias` (doing business as, also known as) and `former` are other names of it; `sister` and `parent` are one
enterprise with it, as the text says; `affiliate` has people or a place in common; `codefendant` is sued or charged
together with it; `named` is anything else."""

NumberKind = Literal["fei", "marcs", "docket"]
"""FDA's establishment identifier, FDA's case number, a court's or agency's docket number."""


class Mention(msgspec.Struct, frozen=True, kw_only=True):
    """Characters `start` to `end` of the notice's field as it is stored."""

    field: str
    start: int
    end: int


class Firm(Mention, frozen=True):
    """A business by a name as printed. `of` is the name of the firm it is tied to, empty for the subject."""

    name: str
    tie: Tie
    of: str = ""


class Person(Mention, frozen=True):
    """Someone with a part in a firm. `title` as printed ("President and CEO"); `firm` when the text says which."""

    name: str
    title: str = ""
    firm: str = ""


class Website(Mention, frozen=True):
    """A web address or e-mail address. `domain` is the registered part of the host (`example.co.uk`); `own` when
    the text says that it is the subject's, which no address of a platform or mail service is.
    """

    domain: str
    kind: Literal["site", "email"]
    own: bool = False


class Number(Mention, frozen=True):
    kind: NumberKind
    value: str


class Address(Mention, frozen=True):
    """A place of business. `region`: in the US the state's code; `country`: ISO 3166-1 alpha-2."""

    city: str = ""
    region: str = ""
    country: str = ""
    firm: str = ""


class Brand(Mention, frozen=True):
    """A product by the name under which the subject sells it."""

    name: str


class Parties(msgspec.Struct, frozen=True, kw_only=True):
    """Everyone a notice names, in reading order."""

    firms: tuple[Firm, ...] = ()
    people: tuple[Person, ...] = ()
    websites: tuple[Website, ...] = ()
    numbers: tuple[Number, ...] = ()
    addresses: tuple[Address, ...] = ()
    brands: tuple[Brand, ...] = ()
