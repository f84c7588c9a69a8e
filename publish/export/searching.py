"""The search of a site without a server: Pagefind's index over names, people, places and titles.

It holds the notices that may be about such treatments and the clinics that they name. Whoever has no scripts, or a
site that was made without Pagefind, has the pages of `browse`.
"""

import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

import jinja2

from publish.export.folder import OWN
from publish.site.site import Site
from publish.site.texts import SHARED, texts
from stemwatch.errors import StemwatchError
from stemwatch.store import Search, Store
from stemwatch.wording import day, plain

ABSENT = "The site has no search, only lists: for one install what it needs, .venv/bin/pip install '.[static]'."
BUNDLE = "search"
ENTRY = "pagefind-entry.json"
"""Names the other files of the index, so it comes last."""
_SECONDS = 600
# What a reader's browser loads; the rest of the bundle are ready-made search boxes.
_USED = ("pagefind.js", "pagefind-worker.js", "wasm.*.pagefind", "*.pf_meta", "index/*", "fragment/*", ENTRY)
_DOCUMENT = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined).from_string(
    '<!doctype html><html lang="en"><body><main data-pagefind-body>'
    '<a data-pagefind-meta="href[href]" href="{{ href }}">'
    '</a><h1 data-pagefind-weight="5">{{ title }}</h1><p data-pagefind-meta="over">{{ over }}</p>'
    "{% for line in lines %}<p>{{ line }}</p>{% endfor %}</main></body></html>"
)


def available() -> bool:
    """Whether Pagefind is installed."""
    return find_spec("pagefind_bin") is not None


def documents(site: Site, store: Store) -> Iterator[str]:
    """What can be found, each as a page of HTML that no reader sees, always in the same order."""
    frame, words = texts(site.language, SHARED), texts(site.language, "static_look_up")
    names = {row.clinic: row for row in store.clinic_rows() if row.relevant and not row.became}
    for row in names.values():
        over = words["clinic_one" if row.relevant == 1 else "clinic"].format(notices=row.relevant)
        lines = (*row.names, *row.people, *row.websites, *row.places)
        yield _DOCUMENT.render(
            href=site.link(f"/clinics/{row.clinic}"), title=plain(row.name), over=over, lines=lines
        )
    for notice in chain(*(store.notices(Search(relevance=label)) for label in ("relevant", "possible"))):
        on = notice.posted_on or notice.issued_on
        kind = frame.get(f"kinds.{notice.kind}") or notice.kind.replace("_", " ").capitalize()
        over = " · ".join((kind, plain(notice.regulator), day(on) if on else frame["unknown_day"]))
        lines = tuple(name for clinic in notice.clinics if clinic in names for name in names[clinic].names)
        yield _DOCUMENT.render(
            href=site.link(f"/notices/{notice.notice}"), title=plain(notice.title), over=over, lines=lines
        )


def write_index(folder: Path, pages: list[str]) -> Iterator[tuple[str, bytes]]:
    """The files of the index over the pages, as their paths below `folder` and bytes, in the order to put them."""
    from pagefind_bin import get_executable

    with TemporaryDirectory(dir=folder / OWN) as made:
        given, out = Path(made) / "given", Path(made) / "out"
        given.mkdir()
        for number, page in enumerate(pages):
            (given / f"{number}.html").write_text(page, encoding="utf-8")
        command: list[str | Path] = [
            get_executable(),
            "--site",
            given,
            "--output-path",
            out,
            "--force-language",
            "en",
            "--silent",
        ]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False)
        if ended.returncode:
            raise StemwatchError(f"Pagefind could not index the site: {ended.stderr.strip() or ended.returncode}")
        for pattern in _USED:
            for path in sorted(out.glob(pattern)):
                yield f"{BUNDLE}/{path.relative_to(out)}", path.read_bytes()
