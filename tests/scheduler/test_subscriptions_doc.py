"""The examples of docs/subscriptions.md do what they say."""

import re
import shlex
from collections.abc import Callable
from pathlib import Path

from stemwatch.config import load
from tests.scheduler.conftest import ROOT, Run, house_of

TEXT = (ROOT / "docs" / "subscriptions.md").read_text(encoding="utf-8")
SETTINGS = "\n".join(re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL))
COMMANDS = re.findall(r"^\$ stemwatch (.*)$", TEXT, re.MULTILINE)


def test_the_settings_load(settings: Callable[[str], Path], home: Path) -> None:
    config = load(settings(SETTINGS), known_sources=house_of(home).sources, required=True)
    assert [one.name for one in config.subscriptions] == ["advocates", "tickets", "newsroom"]
    assert config.site.signup


def test_every_command_works_in_its_order(run: Run) -> None:
    assert COMMANDS
    for command in COMMANDS:
        assert run(*shlex.split(command)).code == 0, command
