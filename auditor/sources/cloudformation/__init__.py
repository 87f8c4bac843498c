"""CloudFormation: templates, in YAML or JSON, with all that they depend on."""
