"""The house's rules: imports point down, every library has one home, every source has a fixture."""

import ast
import re
import shutil
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# Which of our packages each package may import.
BELOW = {
    "stemwatch": {"stemwatch"},
    "spiders": {"spiders", "stemwatch"},
    "notify": {"notify", "stemwatch"},
    "publish": {"publish", "stemwatch"},
    "scheduler": {"scheduler", "spiders", "notify", "publish", "stemwatch"},
}

# Where each third-party package may be imported; a folder stands for everything below it.
HOMES = {
    "ahocorasick_rs": ["stemwatch/engine.py"],
    "apprise": ["notify"],
    "apscheduler": ["scheduler"],
    "charset_normalizer": ["stemwatch/documents"],
    "cleanco": ["stemwatch/clinics", "stemwatch/rules/names.py"],
    "click": ["scheduler"],
    "cryptography": ["stemwatch/store/keys.py"],
    "css_inline": ["notify"],
    "datasette": ["publish/explore/worker.py"],
    "feedparser": ["spiders/common"],
    "filelock": ["scheduler", "stemwatch/store"],
    "ijson": ["spiders/common"],
    "jinja2": ["notify", "publish"],
    "lxml": ["spiders", "stemwatch/documents"],
    "markupsafe": ["publish/site"],
    "msgspec": ["stemwatch", "spiders", "notify", "publish", "scheduler"],
    "pagefind_bin": ["publish/export/searching.py"],
    "prometheus_client": ["scheduler/metrics.py"],
    "protego": ["spiders/common"],
    "pycountry": ["stemwatch/parties", "stemwatch/rules"],
    "pyarrow": ["publish/releases/parquet_writer.py"],
    "pypdf": ["stemwatch/documents"],
    "rapidfuzz": ["stemwatch/clinics", "stemwatch/rules"],
    "requests": ["notify"],
    "rich": ["scheduler"],
    "scrapy": ["spiders"],
    "sqlite_utils": ["stemwatch/store"],
    "starlette": ["publish/serving", "publish/site"],
    "tldextract": ["stemwatch/parties", "stemwatch/clinics"],
    "tomli_w": ["scheduler/commands"],
    "twisted": ["spiders/common"],
    "urllib3": ["notify", "scheduler/outside.py"],
    "usaddress": ["stemwatch/parties"],
    "uvicorn": ["publish/explore/worker.py", "publish/site/server.py"],
    "w3lib": ["spiders/common"],
    "warcio": ["stemwatch/evidence.py"],
}

# Packages that a declared dependency brings and whose names differ from it.
BROUGHT_BY = {
    "charset_normalizer": "apprise",
    "markupsafe": "jinja2",
    "protego": "scrapy",
    "twisted": "scrapy",
    "w3lib": "scrapy",
    "requests": "apprise",
}

# The pure modules: data in, data out. No clock, no network, no database, no files.
PURE = [
    "changes",
    "deliveries",
    "events",
    "health",
    "reading",
    "backlog",
    "rules",
    "subscriptions",
    "windows",
    "text",
    "folding",
    "engine",
    "relevance",
    "records",
    "views",
    "dataset",
    "shapes",
    "search",
    "matching",
    "tokens",
    "decisions",
    "parties",
    "clinics",
    "claims",
    "documents",
    "addresses",
    "wording",
    "signup",
    "site",
]
IMPURE_MODULES = {"sqlite3", "socket", "subprocess", "urllib.request", "time", "random", "os"}


def modules(root: Path) -> Iterator[Path]:
    for package in BELOW:
        yield from sorted((root / package).rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            yield node.module or ""


def upward_imports(root: Path) -> list[str]:
    found = []
    for path in modules(root):
        package = path.relative_to(root).parts[0]
        for name in imports(path):
            top = name.split(".")[0]
            if top in BELOW and top not in BELOW[package]:
                found.append(f"{path.relative_to(root)} imports {name}")
    return found


def misplaced_dependencies(root: Path) -> list[str]:
    found = []
    for path in modules(root):
        place = path.relative_to(root)
        for name in imports(path):
            top = name.split(".")[0]
            if top in BELOW or top in sys.stdlib_module_names:
                continue
            homes = HOMES.get(top, [])
            if not any(place == Path(home) or Path(home) in place.parents for home in homes):
                found.append(f"{place} imports {top}, whose home is {homes or 'nowhere'}")
    return found


def keepers_of_the_database(root: Path) -> list[str]:
    """Who names the store of the house although it could be given any: the steps ask for `stemwatch.flow`."""
    return [
        f"{path.relative_to(root)} imports {name}"
        for path in (*sorted((root / "notify").rglob("*.py")), root / "scheduler" / "jobs.py")
        for name in imports(path)
        if name.startswith("stemwatch.store")
    ]


def sources_without_fixture(root: Path) -> list[str]:
    names = {path.stem for path in (root / "spiders").glob("*.py")} - {"__init__", "registry", "worker"}
    return [name for name in sorted(names) if not (root / "tests" / "sources" / name / "moment.json").exists()]


def test_imports_point_down() -> None:
    assert upward_imports(ROOT) == []


def test_pages_know_nothing_of_what_is_built_on_them() -> None:
    above = ("publish.api", "publish.export", "publish.feeds", "publish.serving")
    pages = sorted((ROOT / "publish" / "site").rglob("*.py"))
    upward = [f"{path.name} imports {name}" for path in pages for name in imports(path) if name.startswith(above)]
    assert upward == []


def test_every_library_is_imported_at_its_home_only() -> None:
    assert misplaced_dependencies(ROOT) == []


def test_the_steps_of_the_flow_name_no_database() -> None:
    assert keepers_of_the_database(ROOT) == []


def test_every_source_has_a_recorded_moment() -> None:
    assert sources_without_fixture(ROOT) == []


def test_every_declared_dependency_has_a_home_and_every_home_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [line for lines in project["optional-dependencies"].values() for line in lines]
    declared = {re.split(r"[<>=]", line)[0].replace("-", "_") for line in project["dependencies"] + extras}
    used = {BROUGHT_BY.get(name, name) for name in HOMES}
    # The time zones of the world are data that Python reads where the system has none.
    assert declared - {"tzdata"} == used


@pytest.mark.parametrize("name", PURE)
def test_pure_modules_reach_for_nothing(name: str) -> None:
    module = ROOT / "stemwatch" / name
    files = list(module.rglob("*.py")) if module.is_dir() else [module.with_suffix(".py")]
    assert not {reached for path in files for reached in imports(path)} & IMPURE_MODULES


def test_it_cannot_be_uploaded_by_accident() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert "Private :: Do Not Upload" in project["classifiers"]


def test_the_locks_pin_by_hash_and_name_no_address() -> None:
    for lock in ROOT.glob("requirements*.lock"):
        text = lock.read_text(encoding="utf-8")
        assert "://" not in text
        assert "index-url" not in text
        assert text.count("==") <= text.count("--hash=sha256:")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for folder in (*BELOW, "tests/sources"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def test_a_planted_upward_import_is_found(copy: Path) -> None:
    (copy / "stemwatch" / "planted.py").write_text("from notify import channels\n")
    (copy / "notify" / "planted.py").write_text("import publish.releases.release\n")
    assert len(upward_imports(copy)) == 2


def test_a_misplaced_dependency_is_found(copy: Path) -> None:
    (copy / "publish" / "planted.py").write_text("def late():\n    import apprise\n")
    (copy / "stemwatch" / "planted.py").write_text("import sqlite_utils\nimport numpy\n")
    assert len(misplaced_dependencies(copy)) == 3


def test_a_step_that_names_the_database_is_found(copy: Path) -> None:
    (copy / "notify" / "planted.py").write_text("from stemwatch.store import Store\n")
    assert keepers_of_the_database(copy) == ["notify/planted.py imports stemwatch.store"]


def test_a_source_without_fixture_is_found(copy: Path) -> None:
    (copy / "spiders" / "xx_agency_list.py").write_text("")
    (copy / "spiders" / "oddly_named.py").write_text("")
    assert sources_without_fixture(copy) == ["oddly_named", "xx_agency_list"]
