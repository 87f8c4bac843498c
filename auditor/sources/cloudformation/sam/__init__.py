"""The Serverless Application Model: a template with ``AWS::Serverless`` types -> one without.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification.html
"""

from auditor.sources.cloudformation.sam.expanding import Expanded, expanded, is_serverless

__all__ = ["Expanded", "expanded", "is_serverless"]
