"""Every type of page, with hostile data on it: nothing runs, nothing is complained of, everyone can use it."""

from importlib.resources import files
from typing import Any
from urllib.parse import quote

import pytest

from tests.browser.conftest import HOSTILE, Open, Visit, Watch
from tests.store.builders import CHARA, NAME

pytest.importorskip(
    "axe_playwright_python", reason="axe-core comes with axe-playwright-python: make test installs it."
)
AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
NARROW = {"runOnly": {"type": "rule", "values": ["target-size", "scrollable-region-focusable", "color-contrast"]}}

PAGES = {
    "front": "/",
    "look-up": "/look-up",
    "found": "/look-up?q=Chara",
    "found hostile": "/look-up?q=Clinic",
    "not found": "/look-up?q=Zzyzx",
    "not understood": "/look-up?q=...",
    "notices": "/notices",
    "search": "/notices?q=exosome&since=2020-01-01",
    "notice": f"/notices/{NAME}/{CHARA.key}",
    "hostile notice": f"/notices/{NAME}/{quote(HOSTILE.key)}",
    "changes": "/changes",
    "clinics": "/clinics",
    "clinic": "",
    "statistics": "/statistics",
    "sources": "/sources",
    "source": f"/sources/{NAME}",
    "data": "/data",
    "release": "/data/2025-02-01",
    "screen": "/screen",
    "about": "/about",
    "method": "/method",
    "corrections": "/corrections",
    "privacy": "/privacy",
    "browse": "/browse",
    "letter": "/browse/clinics/c",
    "month": "/browse/notices/2025-01",
    "subscribe": "/subscribe",
    "no such page": "/nowhere",
}


def violations(page: Any, options: dict[str, Any] | None = None) -> list[str]:
    """What axe-core finds, one line each."""
    found = page.evaluate("options => axe.run(document, options)", options or {})["violations"]
    return [
        f"{one['id']}: {node['html'][:200]} {node['failureSummary']}" for one in found for node in one["nodes"]
    ]


def check(visit: Visit) -> None:
    """The page as it is, in the dark, and on a telephone."""
    page, complaints = visit
    assert page.title()
    page.evaluate(AXE)
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    assert violations(page, CONTRAST) == []
    page.set_viewport_size({"width": 360, "height": 740})
    assert violations(page, NARROW) == []
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 360, "the page scrolls sideways"
    assert complaints == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_runs_nothing_and_serves_everyone(name: str, watch: Watch, browse: Open) -> None:
    with browse() as visit:
        path = PAGES[name] or clinic_of(visit.page, watch)
        expected = {"not understood": 400, "no such page": 404}.get(name, 200)
        assert visit.page.goto(watch.url + path).status == expected
        # A browser tells of every answer that is no success.
        visit.complaints[:] = [said for said in visit.complaints if f"status of {expected}" not in said]
        check(visit)


@pytest.mark.parametrize(
    "path", ["/", "/look-up/?q=Clinic", "/notices/", f"/notices/{NAME}/{CHARA.key}/", "/data/"]
)
def test_a_page_as_a_file_runs_nothing_and_serves_everyone(path: str, files: str, browse: Open) -> None:
    with browse() as visit:
        visit.page.goto(files + path)
        visit.page.wait_for_load_state("networkidle")
        check(visit)


def test_an_answer_to_a_screened_text_runs_nothing_of_it(watch: Watch, browse: Open) -> None:
    with browse() as visit:
        visit.page.goto(f"{watch.url}/screen")
        visit.page.locator("textarea").fill(
            "<script>alert(1)</script> Our stem cells cure autism. <img src=x onerror=alert(2)>"
        )
        visit.page.locator("main button").first.click()
        assert "autism" in visit.page.locator("main").inner_text()
        check(visit)


def clinic_of(page: Any, watch: Watch) -> str:
    """The address of a clinic's page."""
    page.goto(f"{watch.url}/clinics")
    return str(page.locator("main a[href*='/clinics/c-']").first.get_attribute("href"))
