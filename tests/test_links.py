"""Every link within the documents leads somewhere: to a file of the repository, and to a heading of it."""

from pathlib import Path

import pytest

from tests.markdown import DOCUMENTS, PAGES, ROOT, anchors, links, read

WITHIN = [
    pytest.param(path, link, id=f"{path.name} {link}")
    for path in DOCUMENTS
    for link in dict.fromkeys(links(path))
    if "://" not in link and not link.startswith("mailto:")
]


@pytest.mark.parametrize(("path", "link"), WITHIN)
def test_a_link_leads_somewhere(path: Path, link: str) -> None:
    name, _, anchor = link.partition("#")
    target = (path.parent / name).resolve() if name else path
    assert target.exists()
    assert target.is_relative_to(ROOT)
    if anchor:
        assert anchor in anchors(target)


def test_every_page_of_the_manual_has_its_place() -> None:
    navigation = read(ROOT / "mkdocs.yml")
    assert [path.name for path in PAGES if f": {path.name}\n" not in navigation] == []


def test_a_heading_becomes_the_anchor_that_github_makes_of_it(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Upgrade, and back\n\n## `stemwatch run`: the [service](x.md)\n\n```sh\n# no heading\n```\n")
    assert anchors(page) == {"upgrade-and-back", "stemwatch-run-the-service"}
