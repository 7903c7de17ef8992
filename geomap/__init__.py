"""geomap: from news reports of air strikes to georeferenced events, a map, GIS files and a comparison of sources."""

__version__ = "0.1.0"
