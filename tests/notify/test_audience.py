"""Who is told, sorted out once."""

from collections.abc import Callable
from functools import partial

from notify.audience import Audience
from notify.lanes import lane_of
from stemwatch.errors import StemwatchError
from stemwatch.rules import Rule
from stemwatch.subscriptions import Kept, Subscription

URL = "json://127.0.0.1:9/x"


def one(name: str, **other: object) -> Subscription:
    return Subscription(name=name, channel=URL, **other)  # type: ignore[arg-type]


def test_what_many_ask_for_is_one_rule_and_what_another_asks_for_is_its_own() -> None:
    many = [one(str(number), sources=("us_fda_warning_letters",)) for number in range(5)]
    asked = Audience([*many, one("other", sources=("us_ftc_press_releases",))], {}, {}).asked
    assert len({asked[subscription.name] for subscription in many}) == 1
    assert asked["other"] not in [asked[subscription.name] for subscription in many]


def test_a_rule_that_two_names_stand_for_is_given_once_for_each() -> None:
    rules = {"mine": Rule(products=("exosome",)), "yours": Rule(products=("exosome",))}
    assert len(Audience([one("a", rule=("mine", "yours"))], rules, {}).asked["a"].rules) == 2


def test_whoever_is_paused_or_names_no_rule_that_there_is_asks_for_nothing() -> None:
    audience = Audience([one("a"), one("b", paused=True), one("c", rule="gone")], {}, {})
    assert list(audience.asked) == ["a"]
    assert [found.name for found in (*audience.paused, *audience.broken)] == ["b", "c"]


def test_a_channel_that_can_be_read_again_gets_its_lane_back() -> None:
    def opened(keys: list[str]) -> str:
        if not keys:
            raise StemwatchError("No key.")
        return URL

    keys: list[str] = []
    opener: Callable[[], str] = partial(opened, keys)
    kept = Kept(name="a", channel="", opener=opener, public=False)
    audience = Audience([kept], {}, {})
    assert audience.lane(kept) == lane_of("a")
    keys.append("found")
    assert audience.lane(kept) == lane_of(URL)
