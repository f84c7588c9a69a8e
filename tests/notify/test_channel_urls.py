"""Which channels are taken, and what may be said of them: never more than the scheme and a mail's domain."""

import pytest

from notify.channels import check, describe
from stemwatch.errors import UsageError


@pytest.mark.parametrize(
    "url",
    [
        "json://127.0.0.1/hook",
        "jsons://user:secret@example.org/hook",
        "mailto://user:secret@example.org/reader@example.org",
        "mailtos://user:secret@example.org?to=reader@example.org",
        "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#alerts",
    ],
)
def test_a_channel_with_one_target_is_taken(url: str) -> None:
    check(url)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("CANARY", "not a URL"),
        ("https://example.org/CANARY", "write jsons://"),
        ("unheard://CANARY@example.org", "unheard://"),
        ("mailto://CANARY", "does not accept this mailto://"),
        ("mailto://u:CANARY@example.org/not-an-address", "recipient"),
        ("mailto://u:CANARY@example.org/a@example.org/b@example.org", "several targets"),
        ("mailto://u:CANARY@example.org/a@example.org?cc=b@example.org", "several targets"),
        ("mailto://u:CANARY@example.org/a@example.org?bcc=b@example.org", "several targets"),
        ("mailto://u:CANARY@example.org/a@example.org?pgp=encrypt", "PGP"),
        ("mailto://u:CANARY@example.org/a@example.org?+X=a%0D%0ABcc:b@example.org", "header"),
        ("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrCANARY1Q/#a/#b", "several targets"),
        ("json://u:CANARY@example.org, json://u:CANARY@example.com", "several"),
    ],
)
def test_a_channel_that_cannot_be_used_is_refused_in_one_sentence(url: str, said: str) -> None:
    with pytest.raises(UsageError) as refused:
        check(url)
    assert said in str(refused.value)
    assert "CANARY" not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "label"),
    [
        ("json://user:CANARY@example.org/CANARY", "json"),
        ("https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrCANARY1Q", "slack"),
        ("mailto://u:CANARY@example.org/CANARY@reader.example", "mailto to reader.example"),
        ("unheard://CANARY", "unheard"),
        ("CANARY", "unknown"),
    ],
)
def test_a_channel_is_described_without_its_secrets(url: str, label: str) -> None:
    assert describe(url) == label
