"""The pages of public sign-up and what their buttons do."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from http import HTTPStatus
from typing import Any

from publish.site.asking import Answer, Asked, Route
from publish.site.pages.errors import error_page
from publish.site.subscribing.form import choices, fields_of, wish_of
from publish.site.subscribing.tries import Tries
from publish.site.templating import page
from publish.site.texts import Texts, texts
from stemwatch.errors import UsageError
from stemwatch.signup import Wish, read_address
from stemwatch.store.signups import Signups

Desk = Callable[[], AbstractContextManager[Signups]]
"""Opens the operations of public sign-up for one request."""

MOST_BYTES = 20_000
UNSEEN = {"X-Robots-Tag": "noindex, nofollow"}


class Subscribing:
    """The pages over one desk. `tries` counts who signs up."""

    def __init__(self, desk: Desk, tries: Tries) -> None:
        self._desk = desk
        self._tries = tries

    # Signing up

    def blank(self, asked: Asked) -> Answer:
        """The form; a link to it may bring a clinic or a search along."""
        brought = {key: asked.one(key) for key in ("clinics", "query") if asked.one(key)}
        return _form(asked, {**fields_of(Wish()), **brought})

    def ask(self, asked: Asked) -> Answer:
        """Takes the form. Whatever the address, the answer is the same."""
        if wait := self._tries.wait(asked.client, asked.site.now()):
            return _too_often(asked, wait)
        try:
            address = read_address(asked.form.get("email", ""))
            wish = _wish(asked)
        except UsageError as error:
            return _form(asked, asked.form, str(error))
        with self._desk() as signups:
            signups.ask(address, wish, asked.site.now())
        return _go(asked, "/subscribe/sent")

    def sent(self, asked: Asked) -> Answer:
        """Says where to look now."""
        return _told(asked, "sent")

    def confirming(self, asked: Asked) -> Answer:
        """The button that a mail's link leads to."""
        with self._desk() as signups:
            wish = signups.waiting(asked.path["token"], asked.site.now())
        return _told(asked, "confirm", button=True) if wish else _told(asked, "unknown", HTTPStatus.NOT_FOUND)

    def confirm(self, asked: Asked) -> Answer:
        with self._desk() as signups:
            outcome = signups.confirm(asked.path["token"], asked.site.now())
        return _told(asked, outcome, HTTPStatus.NOT_FOUND if outcome == "unknown" else HTTPStatus.OK)

    # Leaving

    def leaving(self, asked: Asked) -> Answer:
        """The button that ends a subscription."""
        with self._desk() as signups:
            known = signups.may_unsubscribe(asked.path["token"], asked.site.now())
        return _told(asked, "leave", button=True) if known else _told(asked, "unknown_leave", HTTPStatus.NOT_FOUND)

    def leave(self, asked: Asked) -> Answer:
        """Ends it: an empty answer for a mail program (RFC 8058), a page for whoever pressed our button."""
        with self._desk() as signups:
            known = signups.unsubscribe(asked.path["token"], asked.site.now())
        status = HTTPStatus.OK if known else HTTPStatus.NOT_FOUND
        if "button" in asked.form:
            return _told(asked, "left" if known else "unknown_leave", status)
        return Answer(b"", "text/plain; charset=utf-8", status)

    # Managing

    def shown(self, asked: Asked) -> Answer:
        """The subscription with all that it was sent."""
        return self._managed(asked)

    def _managed(self, asked: Asked, trouble: str = "") -> Answer:
        with self._desk() as signups:
            managed = signups.manage(asked.path["token"], asked.site.now())
        if managed is None:
            return _told(asked, "unknown_manage", HTTPStatus.NOT_FOUND)
        fields = fields_of(managed.wish) if managed.wish else {}
        return _page(
            asked,
            "manage",
            HTTPStatus.BAD_REQUEST if trouble else HTTPStatus.OK,
            managed=managed,
            fields=asked.form if trouble else fields,
            trouble=trouble,
            done=asked.one("done"),
            here=f"/subscription/{asked.path['token']}",
        )

    def change(self, asked: Asked) -> Answer:
        try:
            wish = _wish(asked)
        except UsageError as error:
            return self._managed(asked, str(error))
        return self._do(asked, "changed", lambda signups: signups.change(_token(asked), wish, asked.site.now()))

    def stop(self, asked: Asked) -> Answer:
        return self._do(asked, "stopped", lambda signups: signups.unsubscribe(_token(asked), asked.site.now()))

    def resume(self, asked: Asked) -> Answer:
        return self._do(asked, "resumed", lambda signups: signups.resume(_token(asked), asked.site.now()))

    def _do(self, asked: Asked, done: str, step: Callable[[Signups], bool]) -> Answer:
        with self._desk() as signups:
            allowed = step(signups)
        if not allowed:
            return _told(asked, "unknown_manage", HTTPStatus.NOT_FOUND)
        return _go(asked, f"/subscription/{_token(asked)}", f"?done={done}")

    def erase(self, asked: Asked) -> Answer:
        """Forgets the address; the link leads nowhere after that."""
        with self._desk() as signups:
            erased = signups.erase(_token(asked), asked.site.now())
        return _told(asked, "erased") if erased else _told(asked, "unknown_manage", HTTPStatus.NOT_FOUND)


def routes(desk: Desk, *, signup: bool, tries: Tries | None = None) -> tuple[Route, ...]:
    """Every address of these pages. Without `signup` nobody can subscribe, but who did can still leave."""
    pages = Subscribing(desk, tries or Tries())
    asking = (
        _route("/subscribe", pages.blank, headers={}),
        _route("/subscribe", pages.ask, "POST"),
        _route("/subscribe/sent", pages.sent),
    )
    return (
        *(asking if signup else ()),
        _route("/subscribe/confirm/{token}", pages.confirming),
        _route("/subscribe/confirm/{token}", pages.confirm, "POST"),
        _route("/unsubscribe/{token}", pages.leaving),
        _route("/unsubscribe/{token}", pages.leave, "POST"),
        _route("/subscription/{token}", pages.shown),
        _route("/subscription/{token}", pages.change, "POST"),
        _route("/subscription/{token}/stop", pages.stop, "POST"),
        _route("/subscription/{token}/resume", pages.resume, "POST"),
        _route("/subscription/{token}/erase", pages.erase, "POST"),
    )


def _route(path: str, work: Callable[[Asked], Answer], method: str = "GET", **other: Any) -> Route:
    most = MOST_BYTES if method == "POST" else 0
    return Route(path, work, method, **{"cached": False, "most_bytes": most, "headers": UNSEEN, **other})


def _token(asked: Asked) -> str:
    return asked.path["token"]


def _wish(asked: Asked) -> Wish:
    """What the form asks for. UsageError, also for a clinic that there is not."""
    wish = wish_of(asked.form, asked.site.sources)
    for clinic in wish.clinics:
        try:
            asked.store.clinic_named(clinic)
        except UsageError:
            raise UsageError(_words(asked)["no_clinic"].format(clinic=clinic)) from None
    return wish


def _words(asked: Asked) -> Texts:
    return texts(asked.site.language, "subscribing/fields")


def _form(asked: Asked, fields: Any, trouble: str = "") -> Answer:
    status = HTTPStatus.BAD_REQUEST if trouble else HTTPStatus.OK
    return _page(asked, "subscribe", status, fields=fields, trouble=trouble, here="subscribe")


def _told(asked: Asked, what: str, status: HTTPStatus = HTTPStatus.OK, *, button: bool = False) -> Answer:
    """A page of one thing to know or to do, in the words of the table `what`."""
    return _page(asked, "told", status, what=what, button=button)


def _page(asked: Asked, name: str, status: HTTPStatus, **values: Any) -> Answer:
    offered = choices(asked.site.sources)
    return page(asked, f"subscribing/{name}", status=status, words=_words(asked), choices=offered, **values)


def _too_often(asked: Asked, seconds: int) -> Answer:
    words = texts(asked.site.language, "subscribing/fields")
    answer = error_page(
        asked.site, HTTPStatus.TOO_MANY_REQUESTS, words["too_often"].format(minutes=-(-seconds // 60))
    )
    return Answer(answer.body, answer.media_type, answer.status, {"Retry-After": str(seconds)})


def _go(asked: Asked, path: str, query: str = "") -> Answer:
    """To a page that may be loaded again without doing anything again."""
    return Answer(b"", status=HTTPStatus.SEE_OTHER, headers={"Location": asked.site.link(path) + query})
