"""JSON lines in, JSON lines out: what the batch commands share. A broken line is told by its number, and the others go on."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import click

from geomap.errors import InputError
from geomap.files import whole


class Lines:
    """The lines of one batch: ``for number, row in lines``, then ``lines.write(answers, out)``, which ends the command.

    ``needs`` names what every row must hold and of which type it must be. Nothing is kept in memory.
    """

    def __init__(self, source: str, needs: Mapping[str, type] | None = None) -> None:
        self.source, self.needs = source, needs or {}
        self.failures = self.answered = 0

    def fail(self, number: int, why: object) -> None:
        """Tell what is wrong with one line and go on."""
        self.failures += 1
        click.echo(f"geomap: {self.source}:{number}: {why}", err=True)

    def __iter__(self) -> Iterator[tuple[int, dict[str, Any]]]:
        try:
            with click.open_file(self.source, "rb") as file:
                for number, line in enumerate(file, 1):
                    row = self._row(number, line)
                    if row is not None:
                        yield number, row
        except OSError as error:
            raise InputError(f"cannot read {self.source}: {error.strerror or error}") from error

    def _row(self, number: int, line: bytes) -> dict[str, Any] | None:
        """The object on a line; None where the line is blank, or was told to be broken."""
        try:
            text = line.decode("utf-8-sig" if number == 1 else "utf-8")
            if not text.strip():
                return None
            row = json.loads(text)
            why = self._missing(row)
        except UnicodeDecodeError as error:
            why = f"not UTF-8 ({error.reason} at byte {error.start}); save the file as UTF-8"
        except (ValueError, RecursionError) as error:
            why = f"no JSON: {getattr(error, 'msg', 'too deeply nested')}"
        if why is None:
            assert isinstance(row, dict)
            return row
        self.fail(number, why)
        return None

    def _missing(self, row: object) -> str | None:
        """What a row lacks, in words; None where it has all that is asked for."""
        asked = f"; each line is an object with {' and '.join(self.needs)}" if self.needs else ""
        if not isinstance(row, dict):
            return f"not a JSON object{asked}"
        lacking = [name for name, kind in self.needs.items() if name not in row or not isinstance(row[name], kind)]
        return f"no {lacking[0]!r} of the right kind{asked}" if lacking else None

    def write(self, answers: Iterable[str], out: str | None) -> None:
        """Write the answers as they come, a line each; then leave with 3 where some lines failed.

        Where all failed it leaves with 1, and a file that stood there before still does.
        """
        if out is None or out == "-":
            for answer in self._counted(answers):
                click.echo(answer)
            self._leave()
            return
        with whole(out) as path:
            with path.open("w", encoding="utf-8", newline="\n") as file:
                file.writelines(f"{answer}\n" for answer in self._counted(answers))
            if not self.answered:
                self._leave()
        self._leave()

    def _counted(self, answers: Iterable[str]) -> Iterator[str]:
        for answer in answers:
            self.answered += 1
            yield answer

    def _leave(self) -> None:
        if self.failures:
            sys.exit(3 if self.answered else 1)
