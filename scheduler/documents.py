"""Documents from strangers: what can ask for much time or memory is read by a process that has little of both."""

import subprocess
import sys
from pathlib import Path

import msgspec

from scheduler.document_worker import CPU_S, Done, Task
from stemwatch.documents import MOST_BYTES, Document, Unreadable, read
from stemwatch.documents.kinds import kind_of


def read_stranger(body: bytes, *, media_type: str = "", name: str, seconds: float = CPU_S) -> Document:
    """As `stemwatch.documents.read`, in bounded time and memory. Unreadable when those do not suffice."""
    bare = media_type.partition(";")[0].strip().lower()
    if len(body) > MOST_BYTES or kind_of(body, bare, name) == "text/plain":
        return read(body, media_type=media_type, name=name)
    task = msgspec.msgpack.encode(Task(body=body, media_type=media_type, name=name))
    try:
        worker = subprocess.run(
            [sys.executable, "-m", "scheduler.document_worker"],
            input=task,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=Path(__file__).resolve().parent.parent,
            timeout=seconds,
            check=True,
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
        raise Unreadable(
            f"{name} takes more time or memory to read than any document should. Copy its text, and give that."
        ) from None
    done = msgspec.msgpack.decode(worker.stdout, type=Done)
    if done.document is None:
        raise Unreadable(done.trouble)
    return done.document
