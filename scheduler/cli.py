"""The command line: every command, and how errors end it."""

import sys
from importlib import import_module

import click

from scheduler.packages import stranger

COMMANDS = {
    "demo": "demo:demo",
    "run": "service:run",
    "crawl": "crawling:crawl",
    "apply": "crawling:apply_command",
    "known": "crawling:known",
    "reparse": "rereading:reparse",
    "deliver": "sending:deliver",
    "subscribe": "subscribing:subscribe",
    "subscriptions": "subscriptions:subscriptions",
    "deliveries": "deliveries:deliveries",
    "correct": "deliveries:correct",
    "sources": "looking:sources",
    "notices": "looking:notices",
    "show": "looking:show",
    "changes": "looking:changes",
    "clinics": "clinics:clinics",
    "clinic": "clinic:clinic",
    "judge": "judging:judge",
    "screen": "screening:screen",
    "rules": "ruling:rules",
    "export": "exporting:export",
    "site": "site:site",
    "verify": "exporting:verify",
    "doctor": "doctor:doctor",
    "backup": "keeping:backup",
    "restore": "keeping:restore",
    "tidy": "keeping:tidy",
    "new-source": "sourcing:new_source",
    "record": "sourcing:record",
}
"""Where each command lives: module and name below `scheduler.commands`, imported when it is asked for."""


class Commands(click.Group):
    """A group that imports a command only when it is used: crawler, channels and formats cost a second each."""

    def list_commands(self, context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, attribute = COMMANDS[name].split(":")
        command: click.Command = getattr(import_module(f"scheduler.commands.{module}"), attribute)
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="stemwatch", message="%(prog)s %(version)s")
def stemwatch() -> None:
    """Watch what regulators publish about unapproved stem cell treatments, and tell the people who need to know.

    Data lies in STEMWATCH_HOME (default ./data), settings in STEMWATCH_CONFIG (default ./stemwatch.toml).
    """


def main() -> None:
    """Run a command. Exit 0 done, 1 something failed and it says what, 2 wrong usage."""
    if trouble := stranger():
        click.echo(f"stemwatch: {trouble}", err=True)
        sys.exit(1)
    from stemwatch.errors import StemwatchError  # ours, as is known by now

    try:
        stemwatch(prog_name="stemwatch")
    except StemwatchError as error:
        click.echo(f"stemwatch: {error}", err=True)
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
