"""One file a question: ``parameters(section)`` reads a rule, ``judge(parameters, evidence)`` asks it."""
