"""Two hundred subscriptions of all kinds, made up by dice, as a stemwatch.toml."""

import random
from typing import Any

import tomli_w

ZONES = (
    *("UTC", "America/New_York", "America/Los_Angeles", "Europe/Berlin", "Europe/London", "Asia/Tokyo"),
    *("Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Auckland", "America/Sao_Paulo", "Pacific/Chatham"),
)
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
VERBS = ("added", "edited", "closed_out", "responded", "delisted", "relisted", "reissued")
LABELS = (
    ["relevant"],
    ["relevant"],
    ["relevant", "possible"],
    ["possible"],
    ["relevant", "possible", "unrelated"],
)

Table = dict[str, Any]


def sample(number: int, dice: random.Random) -> list[Table]:
    """The tables of so many subscriptions, without their channels."""
    tables = [_subscription(place, dice) for place in range(number)]
    for table in tables[:3]:
        table["paused"] = True
    return tables


def _subscription(place: int, dice: random.Random) -> Table:
    table: Table = {"name": f"s{place:03}", "time_zone": dice.choice(ZONES)}
    table["send"] = dice.choice(("at_once", "at_once", "daily", "weekly"))
    table["relevance"] = dice.choice(LABELS)
    if dice.random() < 0.3:
        table["verbs"] = sorted(dice.sample(VERBS, 2))
    if dice.random() < 0.4:
        start = dice.randrange(24)
        end = (start + dice.randrange(1, 14)) % 24
        table["quiet"] = {"from": f"{start:02}:30:00", "to": f"{end:02}:15:00"}
    if table["send"] == "at_once":
        _at_once(table, dice)
    else:
        _digest(table, dice)
    return table


def _at_once(table: Table, dice: random.Random) -> None:
    if "quiet" in table and dice.random() < 0.5:
        table["urgent"] = ["closed"]
    if dice.random() < 0.3:
        table["group_minutes"] = dice.choice((5, 60, 600))
    elif dice.random() < 0.3:
        table["one_per_item"] = True


def _digest(table: Table, dice: random.Random) -> None:
    table["at"] = f"{dice.randrange(24):02}:{dice.choice((0, 15, 30)):02}:00"
    table["weekday"] = dice.choice(DAYS)
    if dice.random() < 0.2:
        table["one_per_item"] = True
    elif dice.random() < 0.2:
        table["empty"] = True


def config_text(tables: list[Table], *unfollowed: str) -> str:
    """The settings of a house that sends to these, and leaves crawling some sources to the bench."""
    around = {"site": {"listen": "127.0.0.1:0"}, "release": {"folder": ""}}
    followed = {name: {"enabled": False} for name in unfollowed}
    return tomli_w.dumps({**around, "sources": followed, "subscriptions": tables})
