"""The files of a module as declarations."""
