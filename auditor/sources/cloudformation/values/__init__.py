"""CloudFormation's values: what makes two of them one, and texts of known and unknown pieces."""
