"""Notices by their ids, all at once."""

from collections.abc import Collection, Mapping

import msgspec
from sqlite_utils import Database

from stemwatch.records import Source
from stemwatch.store.views import NOTICE_SQL, notice_view
from stemwatch.views import NoticeView

_NAMED = f"""{NOTICE_SQL}
JOIN json_each(?) w ON n.source = json_extract(w.value, '$[0]') AND n.key = json_extract(w.value, '$[1]')
"""


def notices_named(db: Database, sources: Mapping[str, Source], ids: Collection[str]) -> dict[str, NoticeView]:
    """The notices of those ids (`<source>/<key>`) that there are, by id."""
    pairs = [notice.partition("/")[::2] for notice in dict.fromkeys(ids)]
    rows = db.query(_NAMED, [msgspec.json.encode(pairs).decode()])
    return {row["notice"]: notice_view(row, sources) for row in rows}
