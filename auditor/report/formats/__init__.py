"""One file a format: ``render(document, style)`` gives the text."""
