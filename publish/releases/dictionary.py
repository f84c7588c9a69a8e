"""Prints the column tables of DATA_FORMAT.md: `python -m publish.releases.dictionary DATA_FORMAT.md`."""

import sys
from pathlib import Path

from publish.releases.columns import Table
from publish.releases.tables import EVERY


def printed(table: Table) -> str:
    """One table as Markdown: what a row is, then a line for each column."""
    lines = [
        f"### `{table.name}`",
        "",
        f"{table.about} Key: {', '.join(f'`{name}`' for name in table.key)}.",
        "",
        "| column | type | in JSON Lines | meaning |",
        "|---|---|---|---|",
    ]
    for column in table.columns:
        path = f"`{'.'.join(column.path)}`" if column.path else "-"
        lines.append(f"| `{column.name}` | {column.kind} | {path} | {column.about} |")
    return "\n".join(lines)


def rewritten(document: str) -> str:
    """The document with each table between its two marks printed anew. ValueError when a mark is missing."""
    for table in EVERY:
        start, end = f"<!-- table {table.name} -->\n", f"<!-- end of {table.name} -->"
        before, rest = document.split(start)
        _, after = rest.split(end)
        document = f"{before}{start}\n{printed(table)}\n\n{end}{after}"
    return document


if __name__ == "__main__":
    path = Path(sys.argv[1])
    path.write_text(rewritten(path.read_text(encoding="utf-8")), encoding="utf-8")
