"""stemwatch rules check, stemwatch rules backtest: what rules cover, and how often they would have fired."""

from collections.abc import Iterator, Mapping
from datetime import datetime

import click
import msgspec

from scheduler.commands.output import print_json, print_table, remark, shown
from scheduler.house import House, open_house
from stemwatch.errors import UsageError
from stemwatch.rules import Known, Rule, examined
from stemwatch.rules.backtest import Backtest, Hit, backtest
from stemwatch.rules.known import listed
from stemwatch.rules.wording import described
from stemwatch.views import View

_TELL_EVERY = 10_000


class RuleView(View, frozen=True):
    """One rule: who asks for it, what it says, the sources that it can match, what its owner should know."""

    rule: str
    title: str
    subscriptions: tuple[str, ...]
    asks: str
    sources: tuple[str, ...]
    warnings: tuple[str, ...]


@click.group()
def rules() -> None:
    """Look at rules before anybody relies on them: what they cover, how often they would have fired.

    Rules stand in the settings as [rules.NAME]; docs/rules.md has the language.
    """


@rules.command("check")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a rule.")
def check_rules(as_json: bool) -> None:
    """Load every rule and subscription; print what each covers, and warn of those that can never match.

    Exit 2 when one cannot be understood.
    """
    views = list(_views(open_house()))
    if as_json:
        print_json(views)
        return
    print_table(
        ("rule", "asked for by", "asks for", "sources"),
        [(v.rule, ", ".join(v.subscriptions) or "nobody", v.asks, ", ".join(v.sources)) for v in views],
    )
    for view in views:
        for warning in view.warnings:
            remark(f"Rule {view.rule!r}: {warning}")


def _views(house: House) -> Iterator[RuleView]:
    asked: dict[str, list[str]] = {name: [] for name in house.config.rules}
    every = dict(house.config.rules)
    for subscription in house.config.subscriptions:
        for name, rule in subscription.rules(house.config.rules).items():
            every[name] = rule
            asked.setdefault(name, []).append(subscription.name)
    known = Known(house.sources)
    for name, rule in every.items():
        found = examined(rule, known)
        yield RuleView(
            rule=name,
            title=rule.title,
            subscriptions=tuple(asked[name]),
            asks=described(rule.whole()),
            sources=found.sources,
            warnings=found.warnings,
        )


@rules.command("backtest")
@click.argument("name")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Only what happened on this day or later.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def backtest_rule(name: str, since: datetime | None, as_json: bool) -> None:
    """How often NAME, a rule or a subscription, would have fired a month on what is stored, with examples.

    Counted are changes that regulators made since a source was first looked at and, told apart from them, the
    notices that it already showed then, by the days on which they were posted.
    """
    house = open_house()
    tried = _rules_of(house, name)
    day = since.date() if since else None
    with house.store() as store, store.snapshot():
        total = store.history_size(since=day)

        def progress(done: int) -> None:
            if done % _TELL_EVERY == 0:
                remark(f"{done:,} of {total:,}")

        texts = any(table.reads_texts for rule in tried.values() for _, table in rule.within())
        found = backtest(name, tried, store.history(since=day, texts=texts), progress=progress)
    if as_json:
        click.echo(msgspec.json.encode(found))
    else:
        _tell(found)


def _rules_of(house: House, name: str) -> Mapping[str, Rule]:
    rules = house.config.rules
    subscriptions = {subscription.name: subscription for subscription in house.config.subscriptions}
    if name in rules:
        return {name: rules[name]}
    if name in subscriptions:
        return subscriptions[name].rules(rules)
    known = [*rules, *subscriptions]
    told = f"known: {listed(name, known)}" if known else "the settings have none"
    raise UsageError(f"There is no rule and no subscription {name!r}; {told}.")


def _tell(found: Backtest) -> None:
    for month in found.months:
        click.echo(f"{month.month}  {month.changes:6,} changes  {month.first_look:6,} seen at a first look")
    for hit in found.examples:
        click.echo(f"\n{_headline(hit)}\n  {hit.notice}")
        for why in hit.why:
            click.echo(f"  {why}")
    if not found.happened:
        remark("Nothing is stored of these days. `stemwatch crawl` looks for the first time.")
        return
    span = f"from {shown(found.first_day)} to {shown(found.last_day)}"
    remark(
        f"\n{found.rule}: {found.hits:,} of {found.happened:,} that happened {span}, {found.per_month:g} a month."
    )


def _headline(hit: Hit) -> str:
    seen = " (seen at a first look)" if hit.first_look else ""
    return f"{shown(hit.day)}  {hit.verb.replace('_', ' ')}{seen}  {hit.title}"
