"""Can the regulators' sites be reached from here? Each is asked once for its robots.txt, all at the same time."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import partial
from http.client import HTTPException
from queue import Empty, SimpleQueue
from statistics import median
from threading import Thread
from time import monotonic
from typing import NamedTuple
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from scheduler.crawling import CLOCK_SLACK
from scheduler.doctor.finding import Finding, State
from scheduler.house import House

ANSWER_S = 15.0
ALTOGETHER_S = 25.0
CLOCK_WARNS_S = 60.0


class Reached(NamedTuple):
    """One site's answer: its HTTP status, or 0 and why there was none. `behind_s` says how far our clock is behind
    the site's; None where it names no time."""

    host: str
    status: int
    why: str = ""
    behind_s: float | None = None


def sites(house: House) -> Iterator[Finding]:
    """Every site that a source in use is on, and our clock against theirs."""
    names: dict[str, list[str]] = {}
    urls: dict[str, str] = {}
    mirror = house.environ.get("STEMWATCH_MIRROR", "").rstrip("/")
    for name, source in house.sources.items():
        if name in house.every:
            place = urlsplit(source.url)
            names.setdefault(place.netloc, []).append(name)
            urls[place.netloc] = f"{mirror or place.scheme + ':/'}/{place.netloc}/robots.txt"
    found = reach(urls, house.config.user_agent, house.clock.now)
    yield from (_finding(one, ", ".join(names[one.host])) for one in found)
    behind = [one.behind_s for one in found if one.behind_s is not None]
    if behind and not house.environ.get("STEMWATCH_NOW"):
        yield _against_others(median(behind))


def _finding(one: Reached, sources: str) -> Finding:
    place = f"{one.host} ({sources})"
    if not one.status:
        return Finding("site", "trouble", f"{place} cannot be reached: {one.why}. Look at network and firewall.")
    if one.status < 400 or one.status in (404, 410):
        return Finding("site", "ok", f"{place} answers.")
    said = f"{place} answers {one.status}: `stemwatch crawl --probe SOURCE` shows what a crawl gets."
    return Finding("site", "warning", said)


def _against_others(behind: float) -> Finding:
    way = "behind" if behind > 0 else "ahead of"
    if abs(behind) <= CLOCK_WARNS_S:
        return Finding("clock", "ok", "It agrees with those of the sites.")
    state: State = "trouble" if abs(behind) > CLOCK_SLACK.total_seconds() else "warning"
    return Finding("clock", state, f"It is {abs(behind):.0f} s {way} those of the sites: set it by NTP.")


def reach(urls: Mapping[str, str], user_agent: str, now: Callable[[], datetime]) -> list[Reached]:
    """Ask the address of each host for the head of an answer; who is not done in time has not answered."""
    answers: SimpleQueue[Reached] = SimpleQueue()
    for host, url in urls.items():
        Thread(target=partial(_report, answers, host, url, user_agent, now), daemon=True).start()
    end = monotonic() + ALTOGETHER_S
    reached: dict[str, Reached] = {}
    while len(reached) < len(urls):
        try:
            answer = answers.get(timeout=max(0.0, end - monotonic()))
        except Empty:
            break
        reached[answer.host] = answer
    late = f"no answer within {ALTOGETHER_S:g} s"
    return [reached.get(host, Reached(host, 0, late)) for host in urls]


def _report(
    answers: SimpleQueue[Reached], host: str, url: str, user_agent: str, now: Callable[[], datetime]
) -> None:
    request = Request(url, headers={"User-Agent": user_agent})  # noqa: S310 - a source's own https, or our mirror
    try:
        with urlopen(request, timeout=ANSWER_S) as answer:  # noqa: S310
            answers.put(Reached(host, answer.status, "", _behind(answer.headers.get("Date"), now())))
    except HTTPError as error:
        answers.put(Reached(host, error.code, "", _behind(error.headers.get("Date"), now())))
        error.close()
    except (OSError, HTTPException, ValueError) as error:
        answers.put(Reached(host, 0, str(getattr(error, "reason", "") or error) or type(error).__name__))


def _behind(date: str | None, now: datetime) -> float | None:
    try:
        return (parsedate_to_datetime(date or "") - now).total_seconds()
    except (ValueError, TypeError):  # no date, or one without a zone
        return None
