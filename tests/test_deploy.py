"""What is handed to operators is sound by the judgement of the tools that will read it, and fits the code."""

import json
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from scheduler.metrics import Probes
from scheduler.systemd import ALIVE, READY, STOPPING, notify
from tests.scheduler.conftest import FIRST, house_of
from tests.store.builders import CHARA, World

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
DASHBOARD = json.loads((DEPLOY / "grafana.json").read_text(encoding="utf-8"))
MOST_EXPOSED = 1.5
"""On the scale of systemd-analyze, where 10 is a service without any hardening."""


def needs(tool: str, package: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(
        not shutil.which(tool), reason=f"{tool} is not installed (Debian's package {package})"
    )


def run(*command: str | Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command, capture_output=True, text=True, check=False)


def expressions() -> list[str]:
    """Every query of the dashboard, for one instance over an hour."""
    found = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]
    assert found
    return [expression.replace("$instance", ".+") for expression in found]


def names(text: str) -> set[str]:
    return set(re.findall(r"\b(?:stemwatch|process)_\w+", text))


def exposed(world: World) -> set[str]:
    """The names of all figures there are."""
    world.run([CHARA])
    text = Probes(house_of(world.home, FIRST)).metrics().decode()
    return set(re.findall(r"^# TYPE (\w+)", text, re.MULTILINE)) | {"stemwatch_backup_last_timestamp_seconds"}


def test_every_figure_that_an_alert_or_the_dashboard_asks_for_is_there(world: World) -> None:
    there = exposed(world)
    alerts = yaml.safe_load((DEPLOY / "alerts.yml").read_text(encoding="utf-8"))
    asked = names(" ".join(rule["expr"] for group in alerts["groups"] for rule in group["rules"]))
    assert asked | names(" ".join(expressions())) <= there


def test_every_command_that_an_alert_advises_exists() -> None:
    from scheduler.cli import COMMANDS

    advised = re.findall(r"`stemwatch ([\w-]+)", (DEPLOY / "alerts.yml").read_text(encoding="utf-8"))
    assert advised
    assert set(advised) <= set(COMMANDS)


@needs("promtool", "prometheus")
def test_the_alerts_are_understood_and_rise_when_they_should() -> None:
    for command in (("check", "rules", DEPLOY / "alerts.yml"), ("test", "rules", DEPLOY / "alerts_test.yml")):
        done = run("promtool", *command)
        assert done.returncode == 0, done.stdout + done.stderr


@needs("promtool", "prometheus")
def test_the_queries_of_the_dashboard_are_understood(tmp_path: Path) -> None:
    rules = [{"record": f"panel:{number}", "expr": expr} for number, expr in enumerate(expressions())]
    path = tmp_path / "rules.yml"
    path.write_text(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": rules}]}))
    done = run("promtool", "check", "rules", path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_panels_of_the_dashboard_have_titles_and_do_not_overlap() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        assert panel["title"]
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken, panel["title"]
        taken |= cells


@needs("systemd-analyze", "systemd")
def test_the_unit_is_understood_and_well_hardened(tmp_path: Path) -> None:
    text = (DEPLOY / "stemwatch.service").read_text(encoding="utf-8")
    unit = tmp_path / "stemwatch.service"
    unit.write_text(text.replace("/opt/stemwatch/.venv/bin/stemwatch", sys.executable))
    done = run("systemd-analyze", "verify", unit)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    done = run("systemd-analyze", "security", "--offline=true", unit)
    exposure = re.search(r"Overall exposure level for stemwatch.service: ([\d.]+)", done.stdout)
    assert exposure, done.stdout + done.stderr
    assert float(exposure[1]) <= MOST_EXPOSED


def test_hadolint_finds_nothing_to_say_about_the_container_recipe() -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    if not hadolint.exists():
        pytest.skip("hadolint is not installed (make test sets it up)")
    done = run(hadolint, ROOT / "Dockerfile")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_container_recipe_copies_what_there_is_and_nothing_else_gets_in() -> None:
    recipe = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    copied = {
        name for line in re.findall(r"^COPY (?!--from)(.+) \S+$", recipe, re.MULTILINE) for name in line.split()
    }
    assert all((ROOT / name).exists() for name in copied)
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert {line.removeprefix("!") for line in ignored if line.startswith("!")} == copied
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "bench"}
    assert packages <= copied


def test_the_container_may_do_nothing_that_it_need_not() -> None:
    service: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"][
        "stemwatch"
    ]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["user"].split(":")[0] == "10001"
    assert "USER 10001:10001" in (ROOT / "Dockerfile").read_text(encoding="utf-8")


@pytest.mark.parametrize("abstract", [False, True])
def test_systemd_is_told_by_its_own_protocol(tmp_path: Path, abstract: bool) -> None:
    name = "@stemwatch-test" if abstract else str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind("\0stemwatch-test" if abstract else name)
        manager.settimeout(5)
        for state in (READY, ALIVE, STOPPING):
            notify({"NOTIFY_SOCKET": name}, state)
            assert manager.recv(100) == state.encode()


def test_where_nobody_listens_nothing_is_told(tmp_path: Path) -> None:
    notify({}, READY)
    notify({"NOTIFY_SOCKET": str(tmp_path / "gone")}, READY)
