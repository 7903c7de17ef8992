"""Decide which place each toponym of a report means: score all candidates, choose, and keep the losers with their reasons."""

from geomap.resolution.choosing import resolve

__all__ = ["resolve"]
