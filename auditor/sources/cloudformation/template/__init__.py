"""One stack: its template evaluated, section by section, each thing when it is first asked for."""
