"""Fetching what a user named: nobody is led inside, nothing goes on for ever, every trouble is one sentence."""

import gzip
import socket
import threading
import time
from ipaddress import IPv4Address

import pytest

from scheduler.outside import fetch
from stemwatch.addresses import Address
from stemwatch.errors import StemwatchError, UsageError
from tests.scheduler.strangers import AGENT, HTML, Handler, Resolver, Server, get, refused

# ---- what is fetched


def test_a_page_is_fetched_under_our_own_name(server: Server) -> None:
    fetched = get(server.url + "?a=b c#part")
    assert fetched.body == server.body
    assert fetched.media_type == HTML["Content-Type"]
    (asked,) = server.asked
    assert asked["User-Agent"] == AGENT
    assert asked["Host"] == server.url.split("/")[2]
    assert asked["path"] == "/page?a=b%20c"


def test_what_is_packed_is_unpacked(server: Server) -> None:
    server.headers["Content-Encoding"] = "gzip"
    server.body = gzip.compress(b"cells " * 100_000)
    assert get(server.url).body == b"cells " * 100_000


def test_proxies_of_the_environment_are_not_used(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert get(server.url).body == server.body


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed(server: Server, status: int) -> None:
    def act(handler: Handler) -> None:
        server.status = status if handler.path == "/page" else 200
        server.headers = {"Location": "/other?x#y"} if handler.path == "/page" else HTML
        handler.answer()

    server.act = act
    assert get(server.url).url == server.url.replace("/page", "/other?x#y")


# ---- where nobody is led


@pytest.mark.parametrize(
    "host",
    """127.0.0.1 localhost 127.1 0x7f.1 0177.0.0.1 2130706433 0 [::1] [::] [::ffff:127.0.0.1] [::ffff:7f00:1]
    169.254.169.254 [64:ff9b::7f00:1] [2002:7f00:1::] [fe80::1%25lo] 10.0.0.1 192.168.1.1 224.0.0.1""".split(),
)
def test_nobody_is_led_inside(server: Server, host: str) -> None:
    url = server.url.replace("127.0.0.1", host)
    with pytest.raises(StemwatchError, match=r"is not an address of the open Internet|cannot be reached"):
        fetch(url, user_agent=AGENT, seconds=5)
    assert server.asked == []


@pytest.mark.parametrize(
    "target", ["http://127.0.0.2:{}/", "//127.0.0.2:{}/", "http://2130706434:{}/", "http://[::ffff:127.0.0.2]:{}/"]
)
def test_no_redirect_leads_where_the_first_address_may_not(server: Server, target: str) -> None:
    server.status, server.headers = 302, {"Location": target.format(server.server_address[1])}
    assert "is not an address of the open Internet" in refused(server.url)
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "ftp://127.0.0.1/", "http://a:b@127.0.0.1/", "http://[", ""]
)
def test_no_redirect_leads_out_of_the_web(server: Server, target: str) -> None:
    server.status, server.headers = 302, {"Location": target}
    assert refused(server.url).startswith(f"{server.url} redirects to ")


def test_redirects_in_a_circle_come_to_an_end(server: Server) -> None:
    server.status, server.headers = 302, {"Location": "/page"}
    assert "redirects more than 5 times" in refused(server.url)
    assert len(server.asked) == 6


def test_a_name_that_leads_elsewhere_the_second_time_is_not_asked_twice(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolver = Resolver(["127.0.0.1"], ["127.0.0.2"])
    monkeypatch.setattr(socket, "getaddrinfo", resolver)
    url = server.url.replace("127.0.0.1", "rebind.example")
    assert get(url).body == server.body
    assert resolver.asked == 1
    assert server.asked[0]["Host"].startswith("rebind.example:")


def test_a_name_with_one_address_inside_is_refused_whole(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", Resolver(["127.0.0.1", "10.0.0.1"]))
    assert "10.0.0.1 is not an address" in refused(server.url.replace("127.0.0.1", "rebind.example"))
    assert server.asked == []


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/",
        "file:///etc/passwd",
        "javascript://example.org/%0aalert(1)",
        "http://",
        "http:///etc/passwd",
        "http://a b/",
        "http://[::1",
        "http://example.org:99999/",
        "http://example.org:22/",
        "http://example.org:0/",
        "http://\u202eexample.org/",
        "http://user:CANARY@example.org/",
    ],
)
def test_what_is_no_address_of_the_web_is_wrong_usage(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        get(url)
    assert str(caught.value).isprintable()
    assert "CANARY" not in str(caught.value)


# ---- what comes back


@pytest.mark.parametrize(
    ("status", "why"),
    [(401, "password"), (403, "refuses us"), (404, "does not exist"), (410, "taken down"), (429, "too often")]
    + [(status, "Try again later") for status in (500, 502, 503, 504)]
    + [(status, "Save the page from a browser") for status in (204, 206, 304, 400, 418)],
)
def test_every_status_has_its_sentence(server: Server, status: int, why: str) -> None:
    server.status = status
    server.body = b""
    sentence = refused(server.url)
    assert why in sentence
    assert f"the site answered {status}" in sentence


@pytest.mark.parametrize("media_type", ["image/png", "application/json", "video/mp4", "application/zip"])
def test_what_is_no_text_is_not_loaded(server: Server, media_type: str) -> None:
    server.headers = {"Content-Type": media_type}
    assert f"is {media_type}, which is no text" in refused(server.url)


def test_what_is_too_large_is_not_loaded_to_its_end(server: Server) -> None:
    def act(handler: Handler) -> None:
        handler.answer()
        while not server.over.is_set():
            handler.wfile.write(bytes(1 << 20))

    server.act = act
    assert "is larger than 20 MB" in refused(server.url)


@pytest.mark.parametrize("layers", [1, 2])
def test_a_bomb_is_not_unpacked(server: Server, layers: int) -> None:
    server.headers["Content-Encoding"] = ", ".join(["gzip"] * layers)
    server.body = bytes(100_000_000)
    for _ in range(layers):
        server.body = gzip.compress(server.body, 1)
    assert "is larger than 20 MB" in refused(server.url)


@pytest.mark.parametrize(("encoding", "body"), [("gzip", b"not packed"), ("gzip, " * 9 + "gzip", b"x" * 99)])
def test_what_cannot_be_unpacked_is_told(server: Server, encoding: str, body: bytes) -> None:
    server.headers["Content-Encoding"], server.body = encoding, body
    assert "packed in a way that cannot be undone" in refused(server.url)


def test_an_answer_that_breaks_off_is_told(server: Server) -> None:
    server.headers["Content-Length"] = "1000"
    assert "broke off" in refused(server.url)


def test_what_is_no_http_is_told(server: Server) -> None:
    def act(handler: Handler) -> None:
        handler.wfile.write(b"SSH-2.0-x\r\n")

    server.act = act
    assert "broke off or made no sense" in refused(server.url)


@pytest.mark.parametrize(
    "part", [b"x", b"HTTP/1.1 200 OK\r\nA: b", b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"]
)
@pytest.mark.parametrize("every", [0.02, 30])
def test_a_server_that_takes_its_time_is_left(server: Server, part: bytes, every: float) -> None:
    def act(handler: Handler) -> None:
        handler.wfile.write(part)
        while not server.over.wait(every):
            handler.wfile.write(b"x")

    server.act = act
    begun = time.monotonic()
    assert "took longer than 0.3 s" in refused(server.url, seconds=0.3)
    assert time.monotonic() - begun < 2


def test_a_name_that_nobody_resolves_is_waited_for_no_longer_than_the_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [over.wait(20)][1:])
    assert "took longer than 0.2 s" in refused("http://example.org/", seconds=0.2)
    over.set()


def test_a_host_that_is_not_there_is_told(server: Server) -> None:
    free = socket.socket()
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]
    assert "cannot be reached" in refused(f"http://127.0.0.1:{port}/")
    assert "there is no host of that name" in refused("http://" + "a" * 64 + ".example/")
    free.close()


def test_only_the_caller_decides_what_is_allowed() -> None:
    asked: list[Address] = []

    def allow(address: Address) -> bool:
        asked.append(address)
        return False

    assert "8.8.4.4 is not an address" in refused("http://8.8.4.4/", allow=allow)
    assert asked == [IPv4Address("8.8.4.4")]
