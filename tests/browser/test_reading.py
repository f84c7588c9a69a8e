"""People at the site: with and without JavaScript, by keyboard alone, on a server and on files."""

import gzip
import re
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Open, Watch
from tests.store.builders import NAME


def read_on(page: Any, url: str) -> None:
    """From a found notice to its clinic, back, and on to the evidence."""
    assert "Chara Biologics" in page.locator("h1").inner_text()
    page.locator(f"main a[href^='{url}/clinics/'], main a[href^='/clinics/']").first.click()
    assert "Chara Biologics" in page.locator("h1").inner_text()
    page.locator("main a[href*='/notices/']").first.click()
    for details in page.locator("main details:not([open])").all():
        details.locator("summary").click()
    with page.expect_download() as found:
        page.locator("main a[href*='/evidence/']").first.click()
    assert gzip.decompress(Path(found.value.path()).read_bytes()).startswith(b"WARC/1.1")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_reader_finds_a_clinic_its_notice_and_the_evidence(scripts: bool, watch: Watch, browse: Open) -> None:
    with browse(java_script_enabled=scripts) as (page, complaints):
        page.goto(watch.url)
        page.get_by_role("searchbox").fill("Chara")
        page.get_by_role("button").click()
        assert "/look-up?q=Chara" in page.url
        page.locator(f"main a[href$='/notices/{NAME}/chara-biologics-inc-698004-01172025']").first.click()
        read_on(page, watch.url)
    assert complaints == []


def test_looking_up_what_nobody_knows_says_what_that_means(watch: Watch, browse: Open) -> None:
    with browse() as (page, complaints):
        page.goto(f"{watch.url}/look-up?q=Zzyzx+Wellness")
        assert "does not mean" in page.locator("main").inner_text()
    assert complaints == []


def test_files_answer_the_same_look_up_in_the_readers_browser(files: str, browse: Open) -> None:
    with browse() as (page, complaints):
        page.goto(files)
        page.get_by_role("searchbox").fill("Chara")
        page.get_by_role("button").click()
        page.locator("#found a[href*='/notices/']").first.click()
        read_on(page, files)
        page.goto(f"{files}/look-up/?q=Zzyzx")
        page.get_by_text("Nothing was found").wait_for()
    assert complaints == []


def test_files_without_scripts_lead_to_everything_by_name(files: str, browse: Open) -> None:
    with browse(java_script_enabled=False) as (page, complaints):
        page.goto(f"{files}/look-up/?q=Chara")
        page.locator("noscript a").click()
        page.get_by_role("link", name="C", exact=True).click()
        page.get_by_role("link", name=re.compile("Chara Biologics")).click()
        page.locator("main a[href*='/notices/']").first.click()
        read_on(page, files)
    assert complaints == []


def test_the_keyboard_alone_does(watch: Watch, browse: Open) -> None:
    with browse() as (page, complaints):
        page.goto(watch.url)
        page.keyboard.press("Tab")
        skip = page.locator(".skip")
        assert skip.evaluate("it => it === document.activeElement")
        assert skip.bounding_box()["x"] >= 0
        page.keyboard.press("Enter")
        assert page.url.endswith("#content")
        page.keyboard.press("Tab")
        assert page.get_by_role("searchbox").evaluate("it => it === document.activeElement")
        page.keyboard.type("Chara")
        page.keyboard.press("Enter")
        page.wait_for_url("**/look-up?q=Chara")
        for _ in range(page.locator("a, input, button, select, summary").count()):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.pathname || ''").startswith("/notices/"):
                break
        page.keyboard.press("Enter")
        page.wait_for_url("**/notices/**")
    assert complaints == []


_FOCUSED = """() => {
  const it = document.activeElement, style = getComputedStyle(it), box = it.getBoundingClientRect();
  const seen = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 && box.width > 0;
  if (it === document.body) return null;
  return [it.outerHTML.slice(0, 80), seen, [...document.querySelectorAll('*')].indexOf(it)];
}"""


@pytest.mark.parametrize("path", ["/", "/notices", "/clinics", "/statistics", "/data", "/screen"])
def test_focus_is_seen_and_goes_along_the_page(path: str, watch: Watch, browse: Open) -> None:
    with browse() as (page, _):
        page.goto(watch.url + path)
        places = []
        for _step in range(60):
            page.keyboard.press("Tab")
            focused = page.evaluate(_FOCUSED)
            if focused is None:
                break
            assert focused[1], f"{focused[0]} shows no focus"
            places.append(focused[2])
        assert places == sorted(places)
        assert len(set(places)) > 8


def test_a_reader_subscribes_confirms_manages_and_leaves(watch: Watch, browse: Open) -> None:
    with browse(java_script_enabled=False) as (page, complaints):
        page.goto(f"{watch.url}/subscribe")
        page.locator("input[type=email]").fill("reader@example.org")
        page.locator("input[value=at_once]").check()
        page.locator("main button").first.click()
        (letter,) = watch.deliver()
        page.goto(link_in(letter, "confirm"))
        page.get_by_role("button", name=re.compile("Confirm")).click()
        assert "You are subscribed" in page.locator("main").inner_text()
        news = watch.deliver_news()[0]
        page.goto(link_in(news, "subscription"))
        page.locator("input[value=weekly]").check()
        page.get_by_role("button", name="Save").click()
        assert page.locator("input[value=weekly]").is_checked()
        page.goto(link_in(news, "unsubscribe"))
        page.locator("main button").click()
        assert "You are unsubscribed" in page.locator("main").inner_text()
    assert complaints == []


def link_in(mail: EmailMessage, part: str) -> str:
    """The first link of a mail's text that has `part` in its address."""
    body = mail.get_body(("plain",))
    assert body is not None
    return next(str(link) for link in re.findall(r"http://\S+", body.get_content()) if f"/{part}" in link)
