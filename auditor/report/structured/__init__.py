"""The parts of the JSON format, one file a document."""
