"""The tables of a release that say where its facts come from."""

from publish.releases.columns import Table, column

SOURCES = Table(
    "sources",
    "One row for each list that is watched: what was looked at, and how that went. The coverage of the release.",
    ("source",),
    (
        column("source", "text", "Its name, `<country>_<agency>_<list>`."),
        column("title", "text", "The regulator's name for the list."),
        column("regulator", "text", "The authority that publishes it."),
        column("jurisdiction", "text", "Where that authority's word counts, as a country or region code."),
        column("language", "text", "Language of the list, as a language code."),
        column(
            "list",
            "text",
            "`complete`: all that was ever published and not taken off; `window`: the newest only, so that "
            "absence says nothing.",
        ),
        column(
            "verdict",
            "text",
            "How the last look went: `ok`, `partial`, `empty`, `blocked`, `layout_changed`, `unreachable`, "
            "`crashed`; empty when there was none.",
        ),
        column("verdict_since", "time", "Since when every look has gone so."),
        column("reason", "text", "Why the last look was not `ok`."),
        column("last_ok_at", "time", "When a look last went well: what is newer may be missing here."),
        column("newest_on", "date", "Day of posting of its newest notice."),
        column("notices", "integer", "How many of its notices are held."),
        column("due_at", "time", "When the next look was due."),
        column("url", "text", "Where the regulator publishes the list."),
        column("licence", "text", "The terms on which the regulator publishes it."),
    ),
    {},
    (),
)

CAPTURES = Table(
    "captures",
    "One row for each response that is kept as evidence. The bytes themselves stay with whoever runs Stemwatch: "
    "ask them by `sha256`.",
    ("file", "offset"),
    (
        column("file", "text", "The WARC file, below the data folder."),
        column("offset", "integer", "Where its record begins in that file, in bytes."),
        column("length", "integer", "How long the record is there, in bytes."),
        column("sha256", "text", "SHA-256 of the response's body."),
        column("url", "text", "The address that was asked."),
        column("fetched_at", "time", "When."),
        column("status", "integer", "HTTP status of the answer."),
        column("source", "text", "The list that was being read."),
        column("run", "text", "The look it belongs to."),
    ),
    {},
    (("sha256",), ("url",)),
)

EVIDENCE = Table(
    "evidence",
    "One row for each reading that the present state of a notice rests on.",
    ("notice", "role"),
    (
        column("notice", "text", "The notice: `notices.notice`."),
        column("role", "text", "`list`, or `page: notice`, `page: closeout`, `page: response`."),
        column("sha256", "text", "The response it was read from: `captures.sha256`."),
    ),
    {"notice": "notices"},
    (("sha256",),),
)
