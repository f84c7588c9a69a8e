"""A setting that cannot be understood never loads, and the error names it."""

import os
from datetime import time
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest

from stemwatch.config import Config, load
from stemwatch.errors import UsageError
from stemwatch.rules import Rule
from stemwatch.words import VERBS
from tests.store.builders import SOURCE

NAMES = ("us_fda_warning_letters", "us_fda_untitled_letters")
SOURCES = {name: msgspec.structs.replace(SOURCE, name=name) for name in NAMES}
PRESS = """
[[subscriptions]]
name = "press"
channel = "json://user:CANARY@host/hook"
"""


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "stemwatch.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def loaded(folder: Path, text: str) -> Config:
    return load(written(folder, text), known_sources=SOURCES, required=True)


def refused(folder: Path, text: str | bytes) -> str:
    path = written(folder, text)
    with pytest.raises(UsageError) as error:
        load(path, known_sources=SOURCES, required=True)
    assert (error.value.exit_code, str(error.value).count(str(path))) == (2, 1)
    assert "CANARY" not in str(error.value)
    assert str(error.value).endswith(".")
    assert "\n" not in str(error.value)
    return str(error.value)


def test_a_whole_file_loads(tmp_path: Path) -> None:
    config = loaded(
        tmp_path,
        """
        contact = "https://example.org/watch"
        [crawl]
        timeout_seconds = 10
        [sources.us_fda_warning_letters]
        details_per_run = 5
        [[subscriptions]]
        name = "press"
        channel = "json://localhost"
        relevance = ["relevant", "possible"]
        sources = ["us_fda_warning_letters"]
        verbs = ["added", "closed_out"]
        send = "daily"
        at = 07:30:00
        time_zone = "America/New_York"
        """,
    )
    (press,) = config.subscriptions
    assert (press.at, press.zone, press.verbs) == (
        time(7, 30),
        ZoneInfo("America/New_York"),
        ("added", "closed_out"),
    )
    assert (config.crawl.timeout_seconds, config.source(NAMES[0]).details_per_run) == (10, 5)
    assert config.follows(SOURCES[NAMES[1]])


def test_a_source_that_nobody_tried_is_followed_when_the_settings_say_so(tmp_path: Path) -> None:
    untried = msgspec.structs.replace(SOURCE, tried=False)
    assert not Config().follows(untried)
    assert loaded(tmp_path, f"[sources.{untried.name}]\nenabled = true").follows(untried)
    assert not loaded(tmp_path, f"[sources.{SOURCE.name}]\nenabled = false").follows(SOURCE)


def test_a_subscription_is_told_everything_but_the_baseline_at_once(tmp_path: Path) -> None:
    (press,) = loaded(tmp_path, PRESS).subscriptions
    (rule,) = (rule.whole() for rule in press.rules({}).values())
    assert (press.send, rule.relevance, rule.causes, rule.sources) == ("at_once", ("relevant",), ("source",), None)
    assert rule.verbs == tuple(verb for verb in VERBS if verb != "baseline")


RULE = """
[rules.knees]
query = "knee"
[rules.hips]
query = "hip"
[[subscriptions]]
name = "press"
channel = "json://localhost"
"""


def test_a_subscription_names_one_rule_of_the_file_or_several(tmp_path: Path) -> None:
    config = loaded(tmp_path, RULE + 'rule = "knees"')
    assert config.subscriptions[0].rules(config.rules) == {"knees": Rule(query="knee")}
    config = loaded(tmp_path, RULE + 'rule = ["hips", "knees"]')
    assert list(config.subscriptions[0].rules(config.rules)) == ["hips", "knees"]


def test_short_keys_are_a_rule_of_the_subscription_itself(tmp_path: Path) -> None:
    (press,) = loaded(
        tmp_path, PRESS + 'relevance = ["possible"]\nsources = ["us_fda_warning_letters"]'
    ).subscriptions
    rule = Rule(relevance=("possible",), sources=("us_fda_warning_letters",))
    assert press.rules({}) == {"subscription press": rule}


@pytest.mark.parametrize(
    ("text", "part"),
    [
        (RULE + 'rule = "knee"', "subscription 'press' names the unknown rule 'knee'; known: knees, hips"),
        (PRESS + 'rule = "knees"', "known: none; a rule is a table [rules.NAME]"),
        (RULE + 'rule = "knees"\nrelevance = ["possible"]', "names a rule and has relevance, too"),
        (
            "[rules.knees]\nquery = 'knee'\nverb = ['added']",
            "The rule 'knees' cannot be used: there is no key 'verb'",
        ),
        ("[rules]\nknees = 3", "The rule 'knees' cannot be used: it is no table of keys"),
        ("rules = 3", "rules must be tables with a name each"),
    ],
)
def test_a_rule_that_cannot_be_understood_does_not_load(tmp_path: Path, text: str, part: str) -> None:
    assert part in refused(tmp_path, text)


def test_an_absent_file_means_the_defaults_unless_it_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "none.toml"
    assert load(path, known_sources=SOURCES, required=False) == Config()
    with pytest.raises(UsageError, match=f"There is no configuration at {path}."):
        load(path, known_sources=SOURCES, required=True)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("colour = 1", "unknown key `colour`"),
        ("[crawl]\nspeed = 1", "unknown key `speed`"),
        ("[sources.us_fda_warning_letters]\nlimit = 1", "unknown key `limit`"),
        (PRESS + "when = 'now'", "unknown key `when`"),
        ("[sources.us_fda]\nenabled = false", "[sources.us_fda] names an unknown source; known: us_fda_untitled"),
        (PRESS + "sources = ['eu']", "subscription 'press' names the unknown source 'eu'; known: us_fda_untitled"),
        (PRESS + PRESS, "two subscriptions are named 'press'"),
        (PRESS.replace("press", " "), "a subscription has an empty name"),
        (PRESS + "time_zone = 'Mars/Olympus'", "subscription 'press' names the unknown time zone 'Mars/Olympus'"),
        (PRESS + "time_zone = ''", "names the unknown time zone ''"),
        (PRESS + "time_zone = '../../etc/passwd'", "names the unknown time zone"),
        (PRESS + "verbs = ['added', 'baseline']", "asks for 'baseline', which is always silent"),
        (
            PRESS + "verbs = ['posted']",
            "`verbs` of subscription 'press' has the unknown word 'posted'; known: added",
        ),
        (PRESS + "verbs = []", "has an empty list of verbs, so it would never match"),
        (PRESS + "relevance = []", "has an empty list of relevance, so it would never match"),
        (PRESS + "relevance = ['maybe']", "has the unknown word 'maybe'; known: possible, relevant, unrelated"),
        (PRESS + "send = 'hourly'", "the unknown word 'hourly'; known: at_once, daily, weekly"),
        (PRESS + "at = '25:00'", "`at` of subscription 'press' is no time of day: write it as 08:00:00"),
        (PRESS + "at = 25:00:00", "A time of day is written 08:00:00"),
        (PRESS + "quiet = {from = 22:00:00}", "`quiet` of subscription 'press' lacks `to`"),
        (PRESS + "group_minutes = -5", "`group_minutes` of subscription 'press' is not as it should be"),
        (PRESS + "quiet = {from = 22:00:00, to = 07:00:00}\nurgent = ['loud']", "'loud'; known: closed, filed"),
        ("[crawl]\nmemory_mib = 1", "`memory_mib` of `crawl` is not as it should be: expected `int` >= 256"),
        ("[sources.us_fda_warning_letters]\nenabled = 'x'", "`enabled` of a table of `sources` is not"),
        (PRESS + "at = '08:00:00+02:00'", "has a time of day with a zone, which is what time_zone is for"),
        ("[[subscriptions]]\nname = 'press'", "lacks `channel`"),
        ("[[subscriptions]]\nname = 'press'\nchannel = 5", "expected `str`"),
        ("[site]\nport = 80", "`site` has the unknown key `port`"),
        ("[site]\nurl = 'http://watch.example.org'", "[site] url must begin with https://"),
        ("contact = 'me at example'", "contact must be one web or mail address"),
        ("contact = ''", "contact must be one web or mail address"),
        ("contact = 'https://x.org); evil'", "contact must be one web or mail address"),
        ("[crawl]\ntimeout_seconds = 0", "timeout_seconds"),
        ("[crawl]\ndeadline_seconds = -1", "deadline_seconds"),
        ("[sources.us_fda_warning_letters]\nevery_minutes = 0", "every_minutes"),
        ("[sources.us_fda_warning_letters]\ndetails_per_run = -1", "details_per_run"),
    ],
)
def test_what_is_not_understood_is_named(tmp_path: Path, text: str, part: str) -> None:
    assert part in refused(tmp_path, text)


def test_what_is_no_toml_says_so(tmp_path: Path) -> None:
    assert "is not valid TOML" in refused(tmp_path, "contact = ")
    assert "is not valid TOML" in refused(tmp_path, PRESS.replace('hook"', "hook"))


def test_what_cannot_be_read_says_so(tmp_path: Path) -> None:
    assert "cannot be read" in refused(tmp_path, b"\xff\xfe")
    with pytest.raises(UsageError, match="cannot be read: Is a directory"):
        load(tmp_path, known_sources=SOURCES, required=False)


def test_a_channel_takes_its_secrets_from_the_environment(tmp_path: Path) -> None:
    text = PRESS.replace("CANARY", "${HOOK_TOKEN}").replace("/hook", "/${WAY}/$PLAIN")
    (press,) = loaded(tmp_path, text).subscriptions
    environ = {"HOOK_TOKEN": "${WAY}", "WAY": "w"}
    assert press.channel_url(environ) == "json://user:${WAY}@host/w/$PLAIN"


def test_a_missing_variable_is_named_and_the_channel_is_not(tmp_path: Path) -> None:
    (press,) = loaded(tmp_path, PRESS.replace("/hook", "/${STEMWATCH_TEST_TOKEN}")).subscriptions
    assert "STEMWATCH_TEST_TOKEN" not in os.environ
    with pytest.raises(UsageError) as error:
        press.channel_url(os.environ)
    assert str(error.value) == (
        "Its channel needs the environment variable STEMWATCH_TEST_TOKEN, which is not set."
    )


def test_the_channel_never_shows_in_a_repr(tmp_path: Path) -> None:
    config = loaded(tmp_path, PRESS)
    assert "CANARY" not in repr(config)
    assert "CANARY" not in f"{config.subscriptions}"


FEED = """
[[feeds]]
name = "tx_board"
url = "https://board.example/news.xml"
country = "US-TX"
language = "en"
"""


def test_a_feed_is_a_source_that_settings_and_subscriptions_may_name(tmp_path: Path) -> None:
    config = loaded(
        tmp_path, FEED + "[sources.tx_board]\nevery_minutes = 30\n" + PRESS + 'sources = ["tx_board"]\n'
    )
    source = config.own_sources["tx_board"]
    assert (source.url, source.jurisdiction, source.list) == ("https://board.example/news.xml", "US-TX", "window")
    assert (source.title, source.regulator, source.kind) == ("tx_board", "tx_board", "announcement")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (FEED + FEED, "two feeds are named 'tx_board'"),
        (FEED.replace("tx_board", NAMES[0]), f"'{NAMES[0]}' has the name of a source"),
        (FEED.replace("tx_board", "Board News"), "`name` of feed"),
        (FEED.replace("https://board.example/news.xml", "/etc/passwd"), "`url` of feed"),
        (FEED.replace("US-TX", "Texas"), "`country` of feed"),
        (FEED.replace('"en"', '"English"'), "`language` of feed"),
        (FEED + "every = 3", "every"),
        (FEED.replace('country = "US-TX"', ""), "country"),
    ],
)
def test_a_feed_that_cannot_be_understood_is_named(tmp_path: Path, text: str, named: str) -> None:
    assert named in refused(tmp_path, text)
