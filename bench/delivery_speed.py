"""How fast what is owed is sent and recorded: python -m bench.delivery_speed

10,000 alerts to a hundred subscriptions at one host, each claimed, rendered, posted to a receiver on this machine
and recorded, beside bare HTTP clients of the same concurrency that post as much, in turns; and mails to an SMTP
server on this machine. Ends with 1 when a target is missed.
"""

import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import local

import requests
from rich.console import Console
from urllib3 import PoolManager

from bench.__main__ import table
from bench.apply import write_bundle
from bench.listing import FIRST_RUN, letters
from bench.measure import Result, faster, tell, timed
from bench.receivers import SECRET
from bench.sinks import sinks
from notify.audience import Audience
from notify.dispatch import Dispatcher
from notify.lanes import Lanes
from notify.matching import Matcher
from spiders.registry import sources
from stemwatch.bundle import Bundle
from stemwatch.store import Store
from stemwatch.subscriptions import Subscription
from stemwatch.words import LABELS

KNOWN, NEWS, AT_A_TIME = 1_000, 100, 8
HOOKS, POSTS, MAILS = 100, 20, 20
"""Subscriptions of each kind: webhooks of our own, Apprise's JSON, mail. Each gets all the news."""

TURNS = 10
"""Ours and bare clients take so many turns, and the best of each counts: what else the machine does only slows."""

BODY = b"x" * 2_300  # an alert as our webhooks carry it
HEADERS = {"Content-Type": "application/json"}
Post = Callable[[int], object]

LEAST, LEAST_MAILS, SHARE = 150.0, 100.0, 0.5
NOW = FIRST_RUN + timedelta(days=1)


def filled(home: Path) -> Store:
    """A store with news that nobody was told."""
    store = Store(home, sources())
    rows = list(letters(KNOWN + NEWS))
    for at, start in ((FIRST_RUN, NEWS), (NOW, 0)):
        bundle = write_bundle(home, islice(iter(rows), start, None), at)
        view = store.apply(Bundle(bundle), at)
    if (view.verdict, view.added) != ("ok", NEWS):
        raise RuntimeError(f"The news was not stored as it should be: {view}.")
    return store


def send(channels: Sequence[str], *others: Post) -> list[list[float]]:
    """Deliveries a second, from claim to record, at each turn; then those of the bare clients."""
    subscriptions = [
        Subscription(name=f"s{number}", channel=channel, relevance=LABELS)
        for number, channel in enumerate(channels)
    ]
    with TemporaryDirectory() as home, filled(Path(home)) as store:
        owed = Matcher(store, Audience(subscriptions, {}, {}), lambda: NOW).match()
        dispatcher = Dispatcher(
            store, subscriptions, {}, lambda: NOW, tuple, lanes=Lanes(AT_A_TIME), at_a_time=AT_A_TIME
        )
        outcomes: list[str] = []
        rates: list[list[float]] = [[] for _ in range(1 + len(others))]
        while len(outcomes) < owed:
            before = len(outcomes)
            seconds = timed(_take, dispatcher, outcomes, before + owed // TURNS)
            rates[0].append((len(outcomes) - before) / seconds)
            for number, post in enumerate(others, 1):
                rates[number].append(bare(post, owed // TURNS))
        sent = store.counts(FIRST_RUN)[0]
    if not owed == sent == outcomes.count("sent"):
        raise RuntimeError(f"{owed} were owed, {sent} recorded, {outcomes.count('sent')} sent.")
    return rates


def _take(dispatcher: Dispatcher, outcomes: list[str], most: int) -> None:
    """One pass that stops when there are so many outcomes; what is under way then is recorded, too."""
    outcomes += (view.outcome for view in dispatcher.deliver(lambda: len(outcomes) >= most))


def bare(post: Post, number: int) -> float:
    """Posts a second of a client that does nothing else."""
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        seconds = timed(lambda: list(pool.map(post, range(number))))
    return number / seconds


def session_of(sessions: local) -> requests.Session:
    """This thread's own."""
    if not hasattr(sessions, "session"):
        sessions.session = requests.Session()
    session: requests.Session = sessions.session
    return session


def results() -> list[Result]:
    with sinks() as (http, smtp):
        url = f"http://127.0.0.1:{http}/hook"
        sessions, pool = local(), PoolManager(maxsize=AT_A_TIME, retries=False)
        tell("webhooks of our own, in turns with requests that keeps connections, and urllib3")
        hooks, kept, barest = send(
            [f"stemwatch+http://127.0.0.1:{http}/{n}#k={SECRET}" for n in range(HOOKS)],
            lambda _: session_of(sessions).post(url, data=BODY, headers=HEADERS, timeout=10),
            lambda _: pool.request("POST", url, body=BODY, headers=HEADERS),
        )
        tell("Apprise's JSON, in turns with requests, which Apprise calls")
        posts, fresh = send(
            [f"json://127.0.0.1:{http}/{n}" for n in range(POSTS)],
            lambda _: requests.post(url, data=BODY, headers=HEADERS, timeout=10),
        )
        tell("mails")
        to = f"mailto://127.0.0.1:{smtp}/reader{{}}@example.org?from=watch@stemwatch.example&smtp=127.0.0.1"
        (mails,) = send([to.format(n) for n in range(MAILS)])
    rate = max(mails)
    return [
        at_least(f"{HOOKS * NEWS:,} webhooks beside requests", hooks, kept, LEAST, SHARE),
        at_least("the same beside urllib3 alone", hooks, barest, LEAST, SHARE),
        at_least(f"{POSTS * NEWS:,} posts through Apprise", posts, fresh, LEAST, SHARE),
        Result(
            f"{MAILS * NEWS:,} mails", f"{rate:.0f}/s", "", "", f"at least {LEAST_MAILS:g}/s", rate >= LEAST_MAILS
        ),
    ]


def at_least(name: str, ours: list[float], floor: list[float], rate: float, share: float) -> Result:
    compared = faster(name, [max(ours)], [max(floor)], at_least=share)
    met = compared.met and max(ours) >= rate
    target = f"{compared.target}, {rate:g}/s"
    return Result(name, compared.ours, compared.floor, compared.ratio, target, met)


def main() -> int:
    found = results()
    Console(width=None if sys.stdout.isatty() else 115).print(table(found))
    return int(not all(result.met for result in found))


if __name__ == "__main__":
    sys.exit(main())
