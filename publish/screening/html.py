"""The report as one HTML file that needs nothing else: no script, no address that a browser would ask."""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files

import jinja2

from publish.screening.records import Screening
from publish.screening.segments import paragraphs
from publish.screening.wording import (
    CAVEAT,
    GRADES,
    NOTICE_CAVEAT,
    SIGNS,
    about,
    counted,
    looked_in,
    named,
    quoted,
    since,
)
from stemwatch.text import visible
from stemwatch.wording import plain, web


def html_report(screening: Screening) -> str:
    """The whole report. Words of strangers are text: escaped, isolated, without marks that turn its direction."""
    style = (files("publish.screening") / "report.css").read_text(encoding="utf-8")
    digest = b64encode(sha256(style.encode()).digest()).decode()
    return _template().render(
        screening=screening,
        style=style,
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
        lines=paragraphs(screening.text, screening.findings),
        counted=counted(screening),
        coverage=looked_in(screening.coverage),
    )


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("publish", "screening"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        about=about, named=named, plain=plain, quoted=quoted, since=since, visible=visible, web=web
    )
    environment.globals.update(GRADES=GRADES, SIGNS=SIGNS, CAVEAT=CAVEAT, NOTICE_CAVEAT=NOTICE_CAVEAT)
    return environment.get_template("report.html")
