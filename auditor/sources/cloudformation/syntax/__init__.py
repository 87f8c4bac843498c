"""The text of a template -> syntax nodes that know where they stand."""
