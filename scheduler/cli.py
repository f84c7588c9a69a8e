"""The command line: every command, and how errors end it."""

import sys

import click

from scheduler.house import check_packages
from stemwatch import __version__
from stemwatch.errors import StemwatchError


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, package_name="stemwatch", message="%(prog)s %(version)s")
def stemwatch() -> None:
    """Watch what regulators publish about unapproved stem cell treatments, and tell the people who need to know.

    Data lies in STEMWATCH_HOME (default ./data), settings in STEMWATCH_CONFIG (default ./stemwatch.toml).
    """


def main() -> None:
    """Run a command. Exit 0 done, 1 something failed and it says what, 2 wrong usage."""
    try:
        check_packages()
        _register()
        stemwatch(prog_name="stemwatch")
    except StemwatchError as error:
        click.echo(f"stemwatch: {error}", err=True)
        sys.exit(error.exit_code)


def _register() -> None:
    from scheduler.commands.crawling import apply_command, crawl
    from scheduler.commands.exporting import export, verify
    from scheduler.commands.looking import changes, notices, show, sources
    from scheduler.commands.sending import deliver
    from scheduler.commands.service import run

    for command in (crawl, apply_command, deliver, sources, notices, show, changes, export, verify, run):
        stemwatch.add_command(command)


if __name__ == "__main__":
    main()
