"""The parts of the Markdown format, one file a document."""
