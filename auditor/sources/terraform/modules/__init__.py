"""Modules, their instances, and what they declare to exist."""
