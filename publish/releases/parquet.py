"""Parquet files of a release, by a child process: what writes them takes 150 MB that nothing else needs."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from subprocess import PIPE, Popen

from stemwatch.errors import StemwatchError

ABSENT = "No Parquet files were written: install Stemwatch with its extra `parquet` to have them."


def available() -> bool:
    """Is the library installed that writes Parquet?"""
    return find_spec("pyarrow") is not None


@contextmanager
def written_beside(folder: Path) -> Iterator[None]:
    """While the block runs, `<table>.parquet` is made of every `<table>.jsonl` of the folder; there at its end.

    OSError when the disk does not take them.
    """
    command = [sys.executable, "-m", "publish.releases.parquet_writer", str(folder)]
    with Popen(command, stdout=PIPE, stderr=PIPE, text=True) as process:
        try:
            yield
        except BaseException:
            process.kill()
            raise
        told, trouble = process.communicate()
    if told:
        raise OSError(int(told), os.strerror(int(told)))
    if process.returncode:
        last = trouble.strip().rpartition("\n")[2] or f"it ended with {process.returncode}"
        raise StemwatchError(f"The Parquet files of the release could not be written: {last}.")
