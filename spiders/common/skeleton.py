"""The first draft of a source's file: it replays what was recorded, and says what a person has to do to it."""

import json
from collections.abc import Iterable, Iterator

import msgspec

from spiders.common.article import Article
from spiders.common.guessing import Guess
from stemwatch.records import Source

TOLD = (
    "name", "title", "regulator", "jurisdiction", "language", "kind", "list", "url", "licence", "every_minutes",
    "delay_seconds", "details_per_run", "revision", "pages",
)  # fmt: skip
MODULES = {
    "FeedSpider": "feed",
    "JsonListSpider": "json_list",
    "HtmlListSpider": "html_list",
    "DumpSpider": "dump",
}
ROWS = {"HtmlListSpider": ", HtmlRow"}


class Draft(msgspec.Struct, frozen=True):
    """A source as it was guessed; `article` None when its pages are not read."""

    source: Source
    guess: Guess
    article: Article | None


def draft(name: str, url: str, guess: Guess, article: Article | None) -> Draft:
    """What a guess makes of a source. `name` is `<cc>_<agency>_<list>`."""
    country, agency, *rest = name.split("_")
    source = Source(
        name=name,
        title=" ".join(rest).capitalize(),
        regulator=agency.upper(),
        jurisdiction=country.upper(),
        language=guess.language,
        kind="notice",
        list="complete" if guess.base == "DumpSpider" else "window",
        url=url,
        licence="Not looked up yet",
        every_minutes=360,
        delay_seconds=5.0,
        details_per_run=20 if article else 0,
        revision=1,
        pages="all" if article else "none",
    )
    return Draft(source, guess, article)


def skeleton(draft: Draft, ignored: Iterable[str] = ()) -> str:
    """The text of the file. `ignored` are the fields that nobody reads yet."""
    return "\n".join([*_head(draft), *_declared(draft, ignored), *_row(draft.guess)]) + "\n"


def _head(draft: Draft) -> Iterator[str]:
    source, guess = draft.source, draft.guess
    yield f'"""{source.regulator}, {source.title.lower()}: a draft of `stemwatch new-source`, made from one look.'
    yield ""
    yield "Before it lands: check names and selectors, kind, licence, pace and expectations; let the list go on to"
    yield f"its further pages; in tests/sources/{source.name}/ keep the structure and the public facts,"
    yield f"but replace the regulator's sentences by your own, then `make bless SOURCE={source.name}`."
    yield from ('"""', "")
    yield from _imports(draft)
    yield from ("", "", f"class {''.join(part.capitalize() for part in source.name.split('_'))}({guess.base}):")
    yield "    source = Source("
    for name in TOLD:
        yield f"        {name}={_literal(getattr(source, name))},"
    share = 1.0 if guess.form or guess.base == "FeedSpider" else 0.0
    filled = f'{{"title": 1.0, "posted_on": {share}}}'
    yield f"        expectations=Expectations(least={max(2, guess.rows // 4)}, filled={filled}, fresh_days=60),"
    yield "    )"


def _imports(draft: Draft) -> Iterator[str]:
    guess, feed = draft.guess, draft.guess.base == "FeedSpider"
    if guess.form:
        yield "from spiders.common import dates"
    if draft.article:
        yield "from spiders.common.article import Article"
    yield f"from spiders.common.{MODULES[guess.base]} import {guess.base}{ROWS.get(guess.base, '')}"
    named = [
        *([] if guess.base in ("FeedSpider", "HtmlListSpider") else ["Row"]),
        *([] if guess.key or feed else ["path_of"]),
    ]
    if named:
        yield f"from spiders.common.row import {', '.join(named)}"
    yield f"from stemwatch.records import Expectations, {'' if feed else 'Listed, '}Source"


def _declared(draft: Draft, ignored: Iterable[str]) -> Iterator[str]:
    guess, article = draft.guess, draft.article
    if guess.base != "FeedSpider":
        yield f"    rows_at = {_literal(guess.rows_at)}"
    if guess.base == "HtmlListSpider":
        yield f"    marker = {_literal(guess.marker)}"
    if guess.base == "JsonListSpider":
        yield f"    page_size = {guess.rows + 1}"
    if names := sorted(ignored):
        yield "    # Nobody has looked at these yet."
        yield from ("    ignored = (", *(f"        {_literal(name)}," for name in names), "    )")
    if article:
        yield f"    article = Article(title={_literal(article.title)}, body={_literal(article.body)})"


def _row(guess: Guess) -> Iterator[str]:
    if guess.base == "JsonListSpider":
        yield from ("", "    def page_url(self, number: int) -> str:", "        return self.source.url")
    if guess.base == "HtmlListSpider":
        yield from _html_row(guess)
    elif guess.base != "FeedSpider":
        yield from _json_row(guess)


def _html_row(guess: Guess) -> Iterator[str]:
    yield ""
    yield "    def parse_row(self, row: HtmlRow) -> Listed:"
    if guess.form:
        yield f"        posted_on = dates.{guess.form}(row.text({_literal(guess.posted)}))"
    yield f"        title, url = row.title_link({_literal(guess.link)})"
    posted = ", posted_on=posted_on" if guess.form else ""
    yield f"        return self.listed(row, key=path_of(url), url=url, title=title{posted})"


def _json_row(guess: Guess) -> Iterator[str]:
    yield ""
    yield "    def parse_row(self, row: Row) -> Listed:"
    yield f"        url = {f'row.link({_literal(guess.link)})' if guess.link else 'self.source.url'}"
    yield "        return self.listed("
    yield "            row,"
    yield f"            key={f'row.text({_literal(guess.key)})' if guess.key else 'path_of(url)'},"
    yield "            url=url,"
    yield f"            title=row.title({_literal(guess.title)}),"
    if guess.form:
        yield f"            posted_on=dates.{guess.form}(row.text({_literal(guess.posted)})),"
    yield "        )"


def _literal(value: object) -> str:
    """A text or number as Python code."""
    return json.dumps(value, ensure_ascii=False)
