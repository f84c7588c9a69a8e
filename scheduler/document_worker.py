"""Reads one document in a process of its own, with little memory and time: python -m scheduler.document_worker

What is to be read comes on standard input, what was read goes to standard output, both as MessagePack.
"""

import resource
import sys

import msgspec

from stemwatch.documents import Document, Unreadable, read

CPU_S = 20
MEMORY = 1 << 30


class Task(msgspec.Struct):
    """What is to be read."""

    body: bytes
    media_type: str
    name: str


class Done(msgspec.Struct):
    """What was read, or the sentence that says why nothing was."""

    document: Document | None = None
    trouble: str = ""


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    task = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Task)
    try:
        done = Done(document=read(task.body, media_type=task.media_type, name=task.name))
    except Unreadable as error:
        done = Done(trouble=str(error))
    sys.stdout.buffer.write(msgspec.msgpack.encode(done))


if __name__ == "__main__":
    main()
