"""The manual does what it says: every command of a ```console block is run, all settings of a page are loaded.

A page is worked through from top to bottom in an empty folder, with its own ```toml blocks as stemwatch.toml and
the bundled sample as data; channels, the site and FDA's list answer on loopback. Each line of output that the page
shows has to come, in that order; any number of blanks is one, `...` stands for anything. Blocks of ```sh set up a
machine, and are not run.
"""

import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import urllib3

from scheduler.website import server_of
from stemwatch.config import Config, load
from stemwatch.site import SiteSettings
from tests.markdown import PAGES, Command, blocks, commands, read
from tests.notify.conftest import HttpSink, SmtpSink
from tests.scheduler.conftest import SAMPLE, SECOND_DAY, Run, Site, house_of

SITE = "https://watch.example.org"
"""The address that the manual has in place of the reader's own site."""
WITH_COMMANDS = [pytest.param(page, id=page.name) for page in PAGES if commands(page)]
WITH_SETTINGS = [pytest.param(page, id=page.name) for page in PAGES if blocks(page, "toml")]

Shell = Callable[[str], tuple[int, str]]


def follows(shown: str, output: str) -> str | None:
    """What comes after the line `shown` in `output`; None when it does not occur there."""
    parts = [re.escape(" ".join(part.split())) for part in shown.split("...")]
    match = re.search(".*?".join(part for part in parts if part), output)
    return output[match.end() :] if match else None


def missing(command: Command, output: str) -> str | None:
    """The first line that the page shows and the output lacks."""
    rest = "\n".join(" ".join(line.split()) for line in output.splitlines())
    for shown in command.shown:
        after = follows(shown, rest)
        if after is None:
            return shown
        rest = after
    return None


@pytest.fixture
def post() -> Iterator[SmtpSink]:
    sink = SmtpSink()
    sink.controller.start()
    yield sink
    sink.controller.stop()


@pytest.fixture
def channels(sink: HttpSink, post: SmtpSink, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every channel that a page names by a variable takes what it is sent."""
    sink.body = b"ok"
    monkeypatch.setenv("NEWSROOM_MAIL", post.url())
    monkeypatch.setenv("MAIL_USER", "desk")
    monkeypatch.setenv("MAIL_PASSWORD", "secret")
    monkeypatch.setenv("STEMWATCH_SLACK_BASE", f"http://127.0.0.1:{sink.port}")
    for name in ("ADVOCATES_SLACK", "GROUP_SLACK", "GROUP_CHANNEL", "OPERATOR_CHANNEL"):
        monkeypatch.setenv(name, "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ")


@pytest.fixture
def fda(site: Site, environ: None, monkeypatch: pytest.MonkeyPatch) -> None:
    site.show(SAMPLE / SECOND_DAY)
    monkeypatch.setenv("STEMWATCH_MIRROR", site.url)


@pytest.fixture
def pages(moved: Path) -> Iterator[str]:
    """The base address of a site over the sample."""
    house = house_of(moved, "2025-01-28T18:00:00+00:00")
    config = Config(site=SiteSettings(url="", listen="127.0.0.1:0"))
    with server_of(replace(house, config=config)) as server:
        yield f"http://127.0.0.1:{server.port}"


@pytest.fixture
def shell(run: Run, fda: None, channels: None, pages: str, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """Runs a line of the manual: `stemwatch` in this process, `curl` against our site, others as they are."""

    def shell(line: str) -> tuple[int, str]:
        words = shlex.split(line, comments=True)
        with monkeypatch.context() as patched:
            while re.fullmatch(r"STEMWATCH_\w+=.*", words[0]):
                patched.setenv(*words.pop(0).split("=", 1))
            if words[0] == "stemwatch":
                done = run(*words[1:])
                return done.code, done.out + done.err
        if words[0] == "curl":
            answer = urllib3.request("GET", words[1].replace(SITE, pages), retries=False, timeout=10)
            return int(answer.status != 200), answer.data.decode()
        path = f"{Path(sys.executable).parent}:/usr/bin:/bin"
        ended = subprocess.run(
            ["bash", "-c", line], capture_output=True, text=True, check=False, env={"PATH": path}
        )
        return ended.returncode, ended.stdout + ended.stderr

    return shell


@pytest.mark.parametrize("page", WITH_COMMANDS)
def test_every_command_of_a_page_works_and_shows_what_the_page_says(
    page: Path, shell: Shell, settings: Callable[[str], Path]
) -> None:
    settings("\n".join(blocks(page, "toml")))
    for command in commands(page):
        code, output = shell(command.typed)
        assert code == 0, f"{command.typed}\n{output}"
        assert missing(command, output) is None, f"{command.typed}\n{output}"


@pytest.mark.parametrize("page", WITH_SETTINGS)
def test_the_settings_of_a_page_load(page: Path, settings: Callable[[str], Path], home: Path) -> None:
    written = settings("\n".join(blocks(page, "toml")))
    load(written, known_sources=house_of(home).sources, required=True)


def test_every_table_of_the_settings_is_in_the_manual() -> None:
    manual = "\n".join(map(read, PAGES))
    missing = [
        name for name in Config.__struct_fields__ if not re.search(rf"\[{name}[\].]|^{name} =", manual, re.M)
    ]
    assert missing == []


def test_what_a_page_shows_has_to_come_in_its_order() -> None:
    output = "Names\n  Harbor   Cells  2\n  Meridian\n"
    assert missing(Command("", ("Harbor ... 2", "Meridian")), output) is None
    assert missing(Command("", ("Meridian", "Names")), output) == "Names"
    assert missing(Command("", ("Harbor ... Meridian",)), output) == "Harbor ... Meridian"
