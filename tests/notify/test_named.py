"""Rules that name places, people and clinics are met by letters whose words do not spell them."""

import json

import pytest

from stemwatch.rules import Rule
from tests.notify.conftest import HttpSink
from tests.notify.desk import CHARA, Desk, subscription
from tests.store.builders import NAME, World
from tests.store.clinics import DBA, OLD, told

ELSEWHERE = told("orlin-9", "Orlin Biologics", recipient="Amil Okell", address="9 Mine Street; Reno, NV 89501")


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        (Rule(places=("Florida",)), "It is new, counts as relevant, and names Florida."),
        (Rule(places=("FL", "Tampa")), "It is new, counts as relevant, and names FL and Tampa."),
        (Rule(people=("Vora Lind",)), "It is new, counts as relevant, and names Vora Lind."),
        (
            Rule(clinics=("Brinna Cove",)),
            "It is new, counts as relevant, and names Brinna Cove (by another name).",
        ),
    ],
)
def test_a_letter_is_told_once_for_what_only_its_parties_say(
    world: World, http_sink: HttpSink, rule: Rule, why: str
) -> None:
    desk = Desk(world, subscription(channel=http_sink.url(), rule="mine"))
    desk.rules = {"mine": rule}
    rows = [CHARA, DBA[0]]
    world.run(rows, DBA[1])
    world.run([*rows, OLD[0], ELSEWHERE[0]])
    assert desk.deliver() == []
    world.run([*rows, OLD[0], ELSEWHERE[0]], OLD[1], ELSEWHERE[1])
    assert [(view.notice, view.outcome) for view in desk.deliver()] == [(f"{NAME}/{OLD[0].key}", "sent")]
    (request,) = http_sink.requests
    assert why in json.loads(request[2])["message"]
    assert desk.deliver() == []
