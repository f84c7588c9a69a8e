"""Search among 100,000 notices, beside the bare index: python -m bench.search_speed

Each query is asked as people ask it (the newest 50, the best 50, with snippets and everything that is shown) and
bare: FTS5's own ranked answer of 50 titles with snippets. It ends with 1 when the median over all queries is over
20 ms, or over twice the bare median.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from timeit import repeat

from bench.apply import write_bundle
from bench.listing import FIRST_RUN, letters
from bench.measure import tell
from spiders.registry import sources
from stemwatch.bundle import Bundle
from stemwatch.search import expression
from stemwatch.store import Search, Store

NOTICES, WORDS_EACH, SHOWN = 100_000, 200, 50
MOST_MS, MOST_TIMES = 20.0, 2.0
QUERIES = (
    *("exosomes", '"stem cells" spine', "title:harbor", "umbilical cord", "clinic", "harbor OR meridian"),
    *("cgmp adulterated", "injection* -exosomes", "office:biologics knee", '"certain words"', "text:spine", "w7*"),
)
# How many notices hold a word: a few words nearly all, many words a few, as in any language.
COMMON = [f"w{number}" for number in range(3000)]
RARE = ("exosomes", "umbilical cord", "stem cells", "spine", "knee", "injections", "clinic", "certain words")


def text(random: Random) -> str:
    words = [COMMON[int(random.paretovariate(0.6)) % len(COMMON)] for _ in range(WORDS_EACH)]
    for share, word in zip((0.02, 0.01, 0.02, 0.01, 0.05, 0.1, 0.3, 0.001), RARE, strict=True):
        if random.random() < share:
            words.insert(random.randrange(len(words)), word)
    return " ".join(words)


def fill(store: Store, folder: Path) -> None:
    store.apply(Bundle(write_bundle(folder, letters(NOTICES), FIRST_RUN)), FIRST_RUN)
    random = Random(1)
    store.db.execute("BEGIN")
    for (number,) in store.db.execute("SELECT id FROM notices").fetchall():
        store.db.execute("UPDATE search SET body = ? WHERE rowid = ?", [text(random), number])
    store.db.execute("COMMIT")


def milliseconds(work: Callable[[], object]) -> float:
    return median(repeat(work, number=1, repeat=7)) * 1000


def bare(store: Store, query: str) -> object:
    shown = "rowid, title, snippet(search, -1, '[', ']', ' … ', 16)"
    sql = f"SELECT {shown} FROM search WHERE search MATCH ? ORDER BY rank LIMIT ?"
    return store.db.execute(sql, [expression(query), SHOWN]).fetchall()


def measured(store: Store, query: str) -> tuple[float, float, float]:
    newest, best = Search(query=query), Search(query=query, ranked=True)
    return (
        milliseconds(lambda: store.notices(newest).first(SHOWN)),
        milliseconds(lambda: store.notices(best).first(SHOWN)),
        milliseconds(lambda: bare(store, query)),
    )


def main() -> int:
    with TemporaryDirectory() as folder, Store(Path(folder) / "home", sources()) as store:
        tell(f"Storing {NOTICES:,} notices")
        fill(store, Path(folder))
        print(f"{'query':24}{'found':>8}{'newest':>11}{'best':>11}{'bare FTS5':>11}")
        figures = []
        for query in QUERIES:
            figures.append(measured(store, query))
            told = "".join(f"{figure:8.1f} ms" for figure in figures[-1])
            print(f"{query:24}{store.notices(Search(query=query)).total:8,}{told}")
    newest, best, floor = (median(column) for column in zip(*figures, strict=True))
    print(f"{'median':32}{newest:8.1f} ms{best:8.1f} ms{floor:8.1f} ms")
    met = max(newest, best) <= MOST_MS and max(newest, best) <= MOST_TIMES * floor
    print(f"{'met' if met else 'MISSED'}: at most {MOST_MS:.0f} ms and {MOST_TIMES:.0f} times the bare index")
    return int(not met)


if __name__ == "__main__":
    sys.exit(main())
