"""Where places come from: one file a source, each a Source of entries that streams."""
