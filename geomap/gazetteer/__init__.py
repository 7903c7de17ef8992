"""The index of places: built once from installed data and our own tables, opened in milliseconds."""
