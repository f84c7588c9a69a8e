"""The tables of a release that are about clinics."""

from publish.releases.columns import Table, column

_ID = "The clinic: `clinics.clinic`."
_FIRST = "Day of the first dated notice that {}."
_LAST = "Day of the last dated notice that {}."

CLINICS = Table(
    "clinics",
    "One row for each id ever given to a business that a notice names: clinics, suppliers, makers. That it is "
    "named does not say that it did anything wrong: read the notice.",
    ("clinic",),
    (
        column("clinic", "text", "Its id, `c-` and seven letters or digits. It is never given to another."),
        column("name", "text", "What it goes by: its name in the newest notice about it."),
        column(
            "became",
            "text",
            "The id its notices go by now, when it proved to be one with another clinic: `clinics.clinic`. "
            "All that follows is then empty.",
        ),
        column("names", "json", "Every name and brand that notices use for it: a list of texts."),
        column("people", "json", "Names of people with a part in it: a list of texts."),
        column("websites", "json", "Its own domains: a list of texts."),
        column("places", "json", "Where notices place it, as city, region and country: a list of texts."),
        column("notices", "integer", "How many notices name it."),
        column("relevant", "integer", "How many of them are not `unrelated`."),
        column("first_on", "date", _FIRST.format("names it")),
        column("last_on", "date", _LAST.format("names it")),
    ),
    {"became": "clinics"},
    (("name",), ("became",)),
)

CLINIC_NAMES = Table(
    "clinic_names",
    "One row for each name of each clinic, as it was printed.",
    ("clinic", "name"),
    (
        column("clinic", "text", _ID),
        column("name", "text", "One of its names."),
        column("first_on", "date", _FIRST.format("uses the name")),
        column("last_on", "date", _LAST.format("uses the name")),
    ),
    {"clinic": "clinics"},
    (("name",),),
)

RELATIONS = Table(
    "relations",
    "One row for each way in which two clinics have to do with each other: what notices state, and people or "
    "streets that a few clinics share. No relation says guilt. Names that are merely spelt alike are not here; "
    "`stemwatch clinic` shows them.",
    ("clinic", "other", "relation"),
    (
        column("clinic", "text", _ID),
        column("other", "text", "The other clinic: `clinics.clinic`."),
        column(
            "relation",
            "text",
            "What `other` is to `clinic`. Stated by a notice: `supplier`, `customer`, `parent`; `sister`, "
            "`affiliate`, `codefendant`, `named` (in one breath), which hold both ways and are told once. "
            "Gathered by Stemwatch: `shared_officer`, `same_address`, told once too.",
        ),
        column("shared", "json", "The people or streets that both have, in comparable spelling: a list of texts."),
        column("notices", "json", "The notices that say it: a list of `notices.notice`."),
    ),
    {"clinic": "clinics", "other": "clinics"},
    (("other",),),
)
