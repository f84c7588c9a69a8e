"""A large digest on its way from the list to Slack: every item arrives once, whatever Slack does in between."""

import json
from datetime import timedelta

from tests.notify.block_kit import flaws, texts
from tests.notify.conftest import HttpSink
from tests.notify.desk import CHARA, Desk, subscription
from tests.store.builders import World, changed

ITEMS = 500
NEWS = [
    changed(CHARA, key=f"k{n}", url=f"{CHARA.url}-{n}", title=f"Firm & Sons <{n}>, Inc.") for n in range(ITEMS)
]


def desk_of(world: World, sink: HttpSink) -> Desk:
    """A sender that owes a digest of all the news."""
    world.run([CHARA])
    channel = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"
    desk = Desk(world, subscription(channel=channel, send="daily"), limit=30.0)
    desk.slack = f"http://127.0.0.1:{sink.port}"
    desk.run([CHARA, *NEWS])
    assert desk.outcomes() == []
    return desk


def test_a_digest_of_500_items_arrives_in_posts_that_slack_takes_with_nothing_left_out(
    world: World, http_sink: HttpSink
) -> None:
    http_sink.refuse_at = {7: (503, {})}
    desk = desk_of(world, http_sink)
    assert desk.outcomes(timedelta(days=1)) == ["retry"]
    http_sink.requests.pop()
    assert desk.outcomes(timedelta(minutes=2)) == ["sent"]
    posts = [json.loads(body) for _, _, body in http_sink.requests]
    assert [flaw for post in posts for flaw in flaws(post)] == []
    words = "\n".join(text for post in posts for text in texts(post))
    assert [words.count(f"|Firm &amp; Sons &lt;{n}&gt;, Inc.>") for n in range(ITEMS)] == [1] * ITEMS
    heads = [post["blocks"][0]["text"]["text"] for post in posts]
    assert [head.rpartition("(")[2] for head in heads] == [
        f"{n} of {len(posts)})" for n in range(1, len(posts) + 1)
    ]
