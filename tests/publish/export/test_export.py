"""A site as files: complete, incremental, whole after any interruption, and never over what is not ours."""

import html
import json
import re
import shutil
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

import pytest
from click.testing import CliRunner

from publish.export import export
from publish.export.addresses import EXPORTED, LISTED, SERVED
from publish.export.export import export_site
from publish.export.folder import OWN, opened
from publish.serving.routes import ROUTES
from scheduler.commands.site import site
from stemwatch.errors import StemwatchError, UsageError
from tests.publish.export.conftest import exported, file_server, silent, tree
from tests.publish.site.conftest import site_over
from tests.store.builders import CHARA, KIMERA, SURGENEX, World, letter, page


def test_every_route_is_exported_or_known_to_need_a_server() -> None:
    for route in ROUTES:
        if route.method == "GET" and not route.path.startswith(SERVED):
            assert route in EXPORTED
            assert ("{" in route.path) == (route.path in LISTED), (
                f"{route.path}: say what there is at it in LISTED"
            )


def test_every_link_of_a_page_leads_to_a_file_and_asks_nothing_of_a_server(folder: Path) -> None:
    pages = {name: body.decode() for name, body in tree(folder).items() if name.endswith(".html")}
    missing = [
        (name, link)
        for name, body in pages.items()
        for link in re.findall(r'(?:href|src|action|data-index)="(/[^"]*)"', body)
        if not leads(folder, urlsplit(html.unescape(link)))
    ]
    assert missing == []
    assert len(pages) > 20


def leads(folder: Path, link: SplitResult) -> bool:
    target = folder / unquote(link.path).lstrip("/")
    file = target / "index.html" if link.path.endswith("/") else target
    return file.is_file() and (not link.query or link.query.startswith("v="))


def test_a_plain_file_server_answers_every_page(folder: Path) -> None:
    with file_server(folder) as client:
        for path in ("/", "/browse/", "/browse/notices/2025-01/", "/look-up/", "/static/site.css"):
            assert client.get(path).status == 200, path
        assert b"Chara Biologics" in client.get("/browse/notices/2025-01/").data
        assert client.get("/static/site.css").headers["Content-Type"].startswith("text/css")


def test_pages_say_their_own_policy_for_no_header_does(folder: Path) -> None:
    pages = {name: body.decode() for name, body in tree(folder).items() if name.endswith(".html")}
    for name, body in pages.items():
        assert body.count('http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;') == 1, name
        assert ("wasm-unsafe-eval" in body) == (name == "look-up/index.html"), name


def test_a_second_export_writes_nothing(letters: Path, tmp_path: Path) -> None:
    first = exported(letters, tmp_path / "site")
    again = exported(letters, tmp_path / "site")
    assert first.written == first.rendered > 0
    assert (again.files, again.rendered, again.written, again.removed) == (first.files, 0, 0, 0)


def test_two_exports_of_the_same_data_are_the_same_files(letters: Path, folder: Path, tmp_path: Path) -> None:
    exported(letters, tmp_path / "site")
    assert tree(tmp_path / "site") == tree(folder)


def test_a_new_notice_changes_what_tells_of_it_and_nothing_else(letters: Path, tmp_path: Path) -> None:
    home, folder = shutil.copytree(letters, tmp_path / "home"), tmp_path / "site"
    exported(home, folder)
    before = tree(folder)
    with World(home) as world:
        world.days = 5
        new = letter("new-clinic", "New Clinic")
        world.run([KIMERA, SURGENEX, CHARA, new], page(new, "An umbilical cord stem cell product."))
    done = exported(home, folder)
    after = tree(folder)
    differing = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    assert "browse/notices/2025-01/index.html" in differing
    assert "browse/notices/2021-11/index.html" not in differing
    assert done.written <= done.rendered < done.files
    exported(home, tmp_path / "fresh")
    assert b"New Clinic" in after["browse/notices/2025-01/index.html"]


def test_what_is_no_more_goes_with_the_folders_it_leaves_empty(letters: Path, tmp_path: Path) -> None:
    home, folder = shutil.copytree(letters, tmp_path / "home"), tmp_path / "site"
    exported(home, folder)
    assert (folder / "browse" / "notices" / "2021-11").is_dir()
    with World(home) as world:
        world.store.db.execute("PRAGMA foreign_keys = OFF")
        world.store.db.execute("UPDATE notices SET posted_on = '2025-01-05' WHERE posted_on = '2021-11-30'")
    assert exported(home, folder).removed
    assert not (folder / "browse" / "notices" / "2021-11").exists()


def test_an_upgrade_makes_every_page_again(letters: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = exported(letters, tmp_path / "site")
    monkeypatch.setattr(export, "version", lambda site: "another")
    again = exported(letters, tmp_path / "site")
    assert (again.rendered, again.written) == (first.rendered, 0)
    moved = exported(letters, tmp_path / "site", url="https://watch.example.org/cells")
    assert moved.rendered == 0, "the version counts the settings in"


def test_another_address_makes_every_page_again(letters: Path, tmp_path: Path) -> None:
    exported(letters, tmp_path / "site")
    moved = exported(letters, tmp_path / "site", url="https://watch.example.org/cells")
    assert moved.rendered > moved.written > moved.rendered - 10, "style, icon, script and evidence have no links"
    assert 'href="/cells/browse/"' in (tmp_path / "site" / "look-up" / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("stop_at", range(1, 6))
def test_an_export_that_was_cut_short_is_completed_by_the_next(
    stop_at: int, letters: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "EVERY", 2)
    begun = iter(range(1, 1000))

    def cut(stage: str, done: int, total: int) -> None:
        if next(begun) == stop_at:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export_site(site_over(letters, static=True), tmp_path / "site", cut)
    whole = tree(folder)
    assert all(whole[name] == body for name, body in tree(tmp_path / "site").items())
    exported(letters, tmp_path / "site")
    assert tree(tmp_path / "site") == whole
    assert not list((tmp_path / "site" / OWN).glob("partial/*"))


def test_two_exports_do_not_write_one_folder_at_once(letters: Path, tmp_path: Path) -> None:
    with opened(tmp_path / "site"), pytest.raises(StemwatchError, match="Another export is writing"):
        exported(letters, tmp_path / "site")
    assert exported(letters, tmp_path / "site").written


def test_a_folder_with_others_files_is_refused_and_left_alone(letters: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis").write_text("years of work", encoding="utf-8")
    with pytest.raises(UsageError, match="holds files that no export of the site made"):
        exported(letters, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis"]


def test_files_of_others_in_a_folder_of_ours_stay(letters: Path, tmp_path: Path) -> None:
    exported(letters, tmp_path / "site")
    (tmp_path / "site" / "CNAME").write_text("watch.example.org", encoding="utf-8")
    exported(letters, tmp_path / "site", url="https://watch.example.org")
    assert (tmp_path / "site" / "CNAME").exists()


@pytest.mark.parametrize("below", ["", "folder"], ids=["a file", "below a file"])
def test_a_folder_that_cannot_be_one_is_named(below: str, letters: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    with pytest.raises(StemwatchError, match="file"):
        exported(letters, tmp_path / "file" / below)
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"


def test_the_command_tells_what_it_did(letters: Path, tmp_path: Path) -> None:
    environ = {"STEMWATCH_HOME": str(letters), "STEMWATCH_CONFIG": str(tmp_path / "none.toml")}
    (tmp_path / "none.toml").write_text("", encoding="utf-8")
    result = CliRunner().invoke(site, [str(tmp_path / "site"), "--json"], env=environ)
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert told["folder"] == str(tmp_path / "site")
    assert told["written"] == told["rendered"] > 5
    assert "writing pages" in result.stderr


def test_progress_comes_to_its_end(letters: Path, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    export_site(site_over(letters, static=True), tmp_path / "site", lambda *step: told.append(step))
    stages = {stage: (done, total) for stage, done, total in told}
    assert all(done == total for stage, (done, total) in stages.items() if stage != "planning")
    assert silent.__doc__
