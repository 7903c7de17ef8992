"""What can go wrong with a file, an option or a gazetteer: one line that names the thing and the way out.

Errors are for broken *inputs*. A doubtful *sentence* is no error: it comes back as a doubtful result.
"""

from __future__ import annotations


class GeomapError(Exception):
    """The root of everything geomap raises on purpose; ``str(error)`` is one line for a person."""


class InputError(GeomapError, ValueError):
    """A report or event file cannot be read: missing, empty, binary, broken, or of an unknown kind."""


class OutputError(GeomapError, OSError):
    """A result cannot be written; whatever stood at that path before is still there, whole."""


class GazetteerError(GeomapError, RuntimeError):
    """The index of places is missing, broken, or cannot be built."""


class LanguageError(GeomapError, ValueError):
    """A language file is malformed, or no language of that code is known."""


class AnnotatorError(GeomapError, RuntimeError):
    """A model that was asked to point at words did not answer, or not in its form; reading goes on without it.

    ``away`` says that nothing answers at all, so that asking again at once is of no use.
    """

    def __init__(self, message: str, *, away: bool = False) -> None:
        super().__init__(message)
        self.away = away


class UsageError(GeomapError, ValueError):
    """A call or an option makes no sense as given."""
