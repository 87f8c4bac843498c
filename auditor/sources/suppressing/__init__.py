"""Suppressions as they are written: in comments, in the metadata of templates, in the configuration."""
