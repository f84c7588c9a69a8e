"""Sessions with mail servers, kept for the next mail to the same one: signing in costs more than a mail."""

import contextlib
import smtplib
from collections import deque
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any

KEPT = 16
"""Sessions that wait for their next mail; what is more ends, the oldest first."""

MOST = 50
"""Mails of one session: some servers end it after a hundred."""


class Session(smtplib.SMTP):
    """Keeps what the server said when it took a mail, which smtplib forgets, and counts the mails."""

    taken = ""
    mails = 0

    def data(self, msg: Any) -> tuple[int, bytes]:
        code, words = super().data(msg)
        self.taken = f"{code} {words.decode('utf-8', 'replace')}"
        self.mails += 1
        return code, words

    def fit(self) -> bool:
        """Whether the server is still there and ready for another mail."""
        try:
            return self.mails < MOST and self.rset()[0] == 250
        except OSError:  # SMTPException is one
            return False


class SecureSession(Session, smtplib.SMTP_SSL):
    """The same, encrypted from its beginning."""


class Sessions:
    """Those that wait. A place is a server with all that the session was opened by. Any thread may use it."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[Hashable, Session]] = deque()
        self._lock = Lock()

    def take(self, place: Hashable, connect: Callable[[], Session]) -> Session:
        """One that waits and is fit, else a new one."""
        while session := self._pop(place):
            if session.fit():
                return session
            part(session)
        return connect()

    def _pop(self, place: Hashable) -> Session | None:
        with self._lock:
            for entry in self._waiting:
                if entry[0] == place:
                    self._waiting.remove(entry)
                    return entry[1]
        return None

    def keep(self, place: Hashable, session: Session) -> None:
        """Let it wait for the next mail."""
        with self._lock:
            self._waiting.append((place, session))
            surplus = self._waiting.popleft()[1] if len(self._waiting) > KEPT else None
        if surplus:
            part(surplus)

    def end(self) -> None:
        """Part from all that wait."""
        with self._lock:
            sessions = [session for _, session in self._waiting]
            self._waiting.clear()
        for session in sessions:
            part(session)


def part(server: smtplib.SMTP) -> None:
    """Says good-bye. How the server takes that is no matter: the mail is accepted already, or it is not."""
    with contextlib.suppress(OSError):
        server.quit()
    server.close()
