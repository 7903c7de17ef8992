"""Draw events on one self-contained map."""
