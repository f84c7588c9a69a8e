"""Letters whose every field is written against whoever shows it."""

from datetime import date
from pathlib import Path

from stemwatch.records import Listed
from tests.store.builders import World, changed, letter, page

RELEVANT_TEXT = (
    "Your firm processes umbilical cord blood into an exosome product for allogeneic use, which is an unapproved "
    "new drug and an unlicensed biological product. The product is given by injection for arthritis."
)
HOSTILE_TITLE = '<script>alert(1)</script> \u202eClinic\u202c "=1+1" ' + "x" * 300
SCRIPT = "<script>alert(2)</script><img src=x onerror=alert(3)>"
LONG_WORD = "stemcells" * 60
HUGE = RELEVANT_TEXT + "\n" + SCRIPT + "\n\u202e" + "&<b>\n" * 1_000_000
HOSTILE = letter(
    "hostile-1",
    HOSTILE_TITLE,
    url="javascript:alert(1)//",
    office=SCRIPT,
    subject=f'{LONG_WORD} =HYPERLINK("http://evil.example") \u202eumbilical cord stem cells',
    case_number="'\"><script>alert(4)</script>",
    closed_out_on=date(2025, 2, 1),
    closed_out_url="data:text/html,<script>alert(5)</script>",
)
LOOPING = letter("..%2f..?x=\"<b>#'", "Umbilical & Sons", subject="umbilical cord stem cells, an unapproved drug")


def hostile_home(home: Path) -> Path:
    """A data folder with a letter of five megabytes, another whose key is a trap, and an edit of both."""
    with World(home) as world:
        world.run(
            [HOSTILE, LOOPING], page(HOSTILE, f"{RELEVANT_TEXT} {SCRIPT}", label=SCRIPT), page(LOOPING, SCRIPT)
        )
        edited: list[Listed] = [changed(HOSTILE, office=SCRIPT * 400), changed(LOOPING, subject=SCRIPT)]
        world.run(edited, page(HOSTILE, f"{RELEVANT_TEXT} {SCRIPT}."), page(LOOPING, f"{RELEVANT_TEXT} {SCRIPT}"))
        # Put in place here: to judge five megabytes takes many seconds, and is tested elsewhere.
        world.store.db.execute(
            "UPDATE texts SET body = ? WHERE page = (SELECT p.id FROM pages p JOIN notices n ON n.id = p.notice"
            " WHERE n.key = ?)",
            [HUGE, HOSTILE.key],
        )
        world.store.db.execute("UPDATE versions SET text = ? WHERE text LIKE ?", [HUGE[::-1], f"{RELEVANT_TEXT}%"])
    return home
