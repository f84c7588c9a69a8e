"""Pictures of the site over the demo's data, into docs/pictures: python -m bench.pictures (or make pictures)

With Debian's Chromium, or the one named in CHROMIUM; on a telephone and on a screen, light and dark.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from bench.measure import CHECKOUT, tell
from scheduler import showing
from scheduler.commands.demo import DIGEST_DUE, SOURCE
from spiders.registry import sources
from stemwatch.store import Store

FOLDER = CHECKOUT / "docs" / "pictures"
WIDTHS, TALLEST, COLOURS = (360, 1280), 2400, 48
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
NOTICE = f"{SOURCE}/chara-biologics-inc-698004-01172025"


@contextmanager
def demo() -> Iterator[tuple[str, Path]]:
    """The address of the demo's site, and its folder."""
    with TemporaryDirectory() as made:
        folder = Path(made) / "demo"
        command = [sys.executable, "-m", "scheduler.cli", "demo", "--no-site", "--keep", str(folder)]
        subprocess.run(command, cwd=CHECKOUT, check=True, stdout=subprocess.DEVNULL)
        try:
            yield showing.start(folder, DIGEST_DUE).rstrip("/"), folder
        finally:
            showing.stop(folder)


def pages(folder: Path) -> dict[str, str]:
    """What is shown, by the name of its picture."""
    with Store(folder / "data", sources()) as store:
        clinic = store.dossier(NOTICE).notice.clinics[0]
    return {
        "front": "/",
        "look-up-found": "/look-up?q=chara",
        "look-up-not-found": "/look-up?q=Bellevue+Wellness",
        "notice": f"/notices/{NOTICE}",
        "clinic": f"/clinics/{clinic}",
        "statistics": "/statistics",
        "sources": "/sources",
        "data": "/data",
    }


def take(browser: Browser, url: str, width: int, scheme: Literal["light", "dark"]) -> bytes:
    """The page from its top, at most `TALLEST` high, in few colours."""
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.goto(url)
    taken = Image.open(BytesIO(page.screenshot(full_page=True)))
    page.close()
    cut = taken.convert("RGB").crop((0, 0, width, min(taken.height, TALLEST)))
    small = BytesIO()
    cut.quantize(COLOURS, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
    return small.getvalue()


def main() -> None:
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not chromium:
        sys.exit("There is no chromium: install it (apt-get install chromium), or name one in CHROMIUM.")
    with demo() as (address, folder), sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for (name, path), width, scheme in product(pages(folder).items(), WIDTHS, SCHEMES):
            picture = take(browser, address + path, width, scheme)
            (FOLDER / f"{name}-{width}-{scheme}.png").write_bytes(picture)
            tell(f"{name}, {width} px, {scheme}: {len(picture):,} bytes")
        browser.close()


if __name__ == "__main__":
    main()
