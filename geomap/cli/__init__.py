"""The command line: each command parses, calls one verb, echoes. Commands are loaded when they are asked for."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import click

from geomap import __version__
from geomap.engine import collect_seldom
from geomap.errors import GeomapError, UsageError

# command -> (module of geomap.cli, attribute). What is not named here does not exist; what is, is imported when used.
COMMANDS = {
    "map": ("reports", "map_"),
    "extract": ("reports", "extract"),
    "export": ("reports", "export"),
    "compare": ("compare", "compare"),
    "explain": ("explain", "explain"),
    "locate": ("locate", "locate"),
    "georeference": ("georeference", "georeference"),
    "geoparse": ("geoparse", "geoparse"),
    "gazetteer": ("gazetteer", "gazetteer"),
}


class _House(click.Group):
    """A group whose commands are imported when they are called, so that each one pays for its own room only."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, attribute = COMMANDS[name]
        command: click.Command = getattr(import_module(f"geomap.cli.{module}"), attribute)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except UsageError as error:
            click.echo(f"geomap: {error}", err=True)
            sys.exit(2)
        except GeomapError as error:
            click.echo(f"geomap: {error}", err=True)
            sys.exit(1)


@click.group(cls=_House, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="geomap")
def main() -> None:
    """From news reports of air strikes to events on a map, with the doubt they deserve.

    \b
    geomap map report.txt --published 2017-09-28 -o map.html
    """
    collect_seldom()
