"""What the documents promise exists."""

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import msgspec
import pytest

from notify.dispatch import check_channels
from scheduler.cli import COMMANDS, stemwatch
from spiders.registry import sources, table, with_table
from stemwatch.config import (
    BackupSettings,
    Config,
    CrawlSettings,
    DeliverySettings,
    FeedSettings,
    OperatorSettings,
    ReleaseSettings,
    RetentionSettings,
    SourceSettings,
    Subscription,
    load,
)
from stemwatch.site import SiteSettings

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "stemwatch.example.toml"
README = (ROOT / "README.md").read_text(encoding="utf-8")
MADE_UP = {
    "ADVOCATES_SLACK": "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#alerts",
    "OPERATOR_CHANNEL": "json://127.0.0.1/operator",
    "MAIL_USER": "desk",
    "MAIL_PASSWORD": "secret",
}


def makefile_targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def example() -> Config:
    return load(EXAMPLE, known_sources=sources(), required=True)


def test_the_readme_names_every_command_and_no_other() -> None:
    assert set(re.findall(r"^\| `stemwatch ([\w-]+)", README, re.MULTILINE)) == set(COMMANDS)


def test_every_option_that_the_readme_names_is_one_of_its_command() -> None:
    context = click.Context(stemwatch)
    for name, row in re.findall(r"^\| `stemwatch ([\w-]+)(.*)$", README, re.MULTILINE):
        command = stemwatch.get_command(context, name)
        assert command is not None
        within = command.commands.values() if isinstance(command, click.Group) else ()
        known = {option for one in (command, *within) for parameter in one.params for option in parameter.opts}
        assert set(re.findall(r"--[\w-]+", row)) <= known, name


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md"])
def test_every_make_target_that_a_document_names_exists(document: str) -> None:
    named = set(re.findall(r"(?:`|^)make ([a-z]+)", (ROOT / document).read_text(encoding="utf-8"), re.MULTILINE))
    assert named
    assert named <= makefile_targets()


def test_the_readme_has_the_table_of_sources_that_the_code_prints() -> None:
    assert with_table(README) == README, "make docs prints it"
    assert all(f"| `{name}`" in table() for name in sources())


def test_the_readme_says_why_each_library_is_here() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = {re.split(r"[<>=]", dependency)[0] for dependency in project["dependencies"]}
    table = README.partition("| library |")[2].partition("\n\n")[0]
    named = {name for row in table.splitlines()[2:] for name in row.split("|")[1].replace(" ", "").split(",")}
    assert named == needed


def test_every_file_that_the_documents_name_exists() -> None:
    for document in ("README.md", "CONTRIBUTING.md"):
        text = (ROOT / document).read_text(encoding="utf-8")
        for name in re.findall(r"\]\(([^):#]+)\)", text) + re.findall(r"`((?:\w+/)+[\w.]+\.\w+)`", text):
            assert (ROOT / name).exists(), f"{document} names {name}"


def test_the_example_loads_and_its_channels_are_of_kinds_we_know() -> None:
    config = example()
    assert len(config.subscriptions) == 3
    check_channels(config.subscriptions, MADE_UP)


@pytest.mark.parametrize(
    ("table", "shown"),
    [
        (Subscription, lambda raw: {key for subscription in raw["subscriptions"] for key in subscription}),
        (SourceSettings, lambda raw: {key for source in raw["sources"].values() for key in source}),
        (CrawlSettings, lambda raw: set(raw["crawl"])),
        (FeedSettings, lambda raw: {key for feed in raw["feeds"] for key in feed}),
        (DeliverySettings, lambda raw: set(raw["delivery"])),
        (BackupSettings, lambda raw: set(raw["backup"])),
        (RetentionSettings, lambda raw: set(raw["retention"])),
        (OperatorSettings, lambda raw: set(raw["operator"])),
        (SiteSettings, lambda raw: set(raw["site"])),
        (ReleaseSettings, lambda raw: set(raw["release"])),
        (Config, lambda raw: set(raw)),
    ],
)
def test_the_example_shows_every_key_there_is(
    table: type[msgspec.Struct], shown: Callable[[dict[str, Any]], set[str]]
) -> None:
    assert shown(tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))) == set(table.__struct_fields__)


def test_what_the_example_says_of_limits_and_sources_is_what_holds_without_it() -> None:
    config, default = example(), Config()
    assert config.crawl == default.crawl
    for name, settings in config.sources.items():
        source = sources()[name]
        assert (settings.enabled, settings.way) == (True, source.ways[0])
        assert (settings.every_minutes, settings.details_per_run) == (source.every_minutes, source.details_per_run)
