"""``python -m geomap``: the same as the command ``geomap``."""

from geomap.cli import main

if __name__ == "__main__":
    main()
