"""No part of a channel's URL is told on, whatever happens and whatever the channel."""

import logging
import traceback
from datetime import UTC, datetime

import pytest

from notify.channels import Transport, check, describe
from notify.frame import Frame
from notify.message import alert
from stemwatch.errors import StemwatchError
from tests.notify.conftest import HttpSink, SmtpSink
from tests.notify.samples import mention

NOW = datetime(2025, 1, 28, 15, tzinfo=UTC)
ALERT = alert(mention(), Frame(subscription="Clinics"))
SECRET = "Q0FOQVJZQ0FOQVJZQ0FOQVJZQ0FOQVJZ"  # "CANARY" four times
CANARIES = ("CANARY", "canary", SECRET)


def channels(http: HttpSink, smtp: SmtpSink) -> list[str]:
    here = f"127.0.0.1:{http.port}"
    return [
        http.url(rest="/CANARY-path?+X-Token=CANARY-header&-q=CANARY-query"),
        f"xml://CANARY:CANARY@{here}/CANARY",
        f"form://CANARY:CANARY@{here}/CANARY",
        f"stemwatch+http://{here}/CANARY?q=CANARY#CANARY=whsec_{SECRET}",
        "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrCANARY1Q",
        f"mmost://CANARY@{here}/{'CANARY' * 4}aa",
        f"rocket://CANARY:CANARY@{here}/#CANARY",
        f"gotify://{here}/CANARYaaaaaaaaa",
        f"ntfy://CANARY:CANARY@{here}/CANARY",
        f"mailto://CANARY:CANARY@127.0.0.1:{smtp.port}/CANARY@example.org?from=canary@example.org",
        f"mailto://127.0.0.1:{smtp.port}/CANARY@example.org?from=canary@example.org",
        "json://CANARY:CANARY@",
        "stemwatch+https://CANARY/CANARY#CANARY",
    ]


def test_no_secret_reaches_an_error_a_traceback_or_a_log(
    http_sink: HttpSink, smtp_sink: SmtpSink, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("apprise", "urllib3", "urllib3.connectionpool", "requests"):
        caplog.set_level(1, logger=name)
    caplog.set_level(logging.CRITICAL, logger="mail.log")  # the sink's own
    http_sink.body, smtp_sink.replies["RCPT"] = b"CANARY-body", "550 5.1.1 no CANARY@example.org here"
    transport = Transport(silence=0.3, limit=2.0, slack=f"http://127.0.0.1:{http_sink.port}", pause=lambda _: None)
    said, refused = [repr(transport)], 0
    for url in channels(http_sink, smtp_sink):
        said.append(describe(url))
        for status in (200, 403, 500):
            http_sink.status = status
            try:
                check(url)
                transport.send(url, ALERT, "key", now=NOW)
            except StemwatchError as error:
                refused += 1
                said += [repr(error), "".join(traceback.format_exception(error, chain=True))]
                said += [repr(error.__cause__)]
    assert refused >= 2 * len(channels(http_sink, smtp_sink))
    out, err = capfd.readouterr()
    told = "\n".join([*said, caplog.text, out, err])
    assert not [canary for canary in CANARIES if canary in told], told[:2000]
