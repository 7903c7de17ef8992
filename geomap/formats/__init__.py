"""Write events to files that GIS people trust, and read them back."""
