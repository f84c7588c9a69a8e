"""The three benches, each with its floor in the same run: python -m bench [NAME...] [--replica DIR]

Ends with 1 when a target is missed. The crawl is skipped, and says so, where there is no stand-in for the
regulators' sites.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import apply, crawl, listing
from bench.measure import Result
from bench.replica import FOLDER


def table(results: list[Result]) -> Table:
    printed = Table("", "ours", "floor", "ratio", "target", box=None, pad_edge=False)
    for column in printed.columns[1:4]:
        column.justify = "right"
    for result in results:
        verdict = ("met, " if result.met else "MISSED, ") if result.target else ""
        printed.add_row(result.name, result.ours, result.floor, result.ratio, verdict + result.target)
    return printed


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure against stated floors.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="listing, apply, crawl; all by default")
    parser.add_argument("--replica", type=Path, default=FOLDER, help="folder of the stand-in (%(default)s)")
    options = parser.parse_args(arguments)
    benches: dict[str, Callable[[], list[Result]]] = {
        "listing": listing.results,
        "apply": apply.results,
        "crawl": lambda: crawl.results(options.replica),
    }
    if unknown := set(options.names) - benches.keys():
        parser.error(f"there is no bench {min(unknown)!r}, only {', '.join(benches)}")
    results = [result for name in options.names or benches for result in benches[name]()]
    Console(width=None if sys.stdout.isatty() else 115).print(table(results))
    return int(not all(result.met for result in results))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
