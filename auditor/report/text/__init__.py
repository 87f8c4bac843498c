"""The parts of the text format, one file a document."""
