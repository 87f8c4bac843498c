"""One file a question: ``parameters(section)`` reads what a rule says, ``judge(parameters, evidence)`` asks."""
