"""`python -m publish.releases.parquet_writer FOLDER`: every table of a release from JSON Lines into Parquet.

It prints the number of an error of the disk. The same rows give the same bytes with the same version of pyarrow.
"""

import errno
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pyarrow
from pyarrow import parquet

from publish.releases.columns import Kind, Table
from publish.releases.tables import FILES

ROWS = 2_000
TYPES: dict[Kind, pyarrow.DataType] = {
    "text": pyarrow.string(),
    "integer": pyarrow.int64(),
    "number": pyarrow.float64(),
    "boolean": pyarrow.bool_(),
    "date": pyarrow.date32(),
    "time": pyarrow.timestamp("us", tz="UTC"),
    "json": pyarrow.string(),
}


def write(folder: Path, table: Table) -> None:
    fields = [
        pyarrow.field(column.name, TYPES[column.kind], metadata={"description": column.about})
        for column in table.columns
    ]
    schema = pyarrow.schema(fields, metadata={"description": table.about})
    with (
        (folder / f"{table.name}.parquet").open("wb") as file,
        parquet.ParquetWriter(file, schema, compression="zstd") as writer,
        (folder / f"{table.name}.jsonl").open("rb") as lines,
    ):
        for batch in _batches(table, lines, schema):
            writer.write_batch(batch)


def _batches(table: Table, lines: Iterator[bytes], schema: pyarrow.Schema) -> Iterator[pyarrow.RecordBatch]:
    while some := list(islice(lines, ROWS)):
        columns = zip(*map(table.row, some), strict=True)
        arrays = [pyarrow.array(cells).cast(field.type) for cells, field in zip(columns, schema, strict=True)]
        yield pyarrow.record_batch(arrays, schema=schema)


if __name__ == "__main__":
    pyarrow.set_memory_pool(pyarrow.system_memory_pool())  # its own keeps what it was given: 50 MB more
    try:
        for every in FILES:
            write(Path(sys.argv[1]), every)
    except OSError as error:
        sys.stdout.write(str(error.errno or errno.EIO))
        sys.exit(1)
