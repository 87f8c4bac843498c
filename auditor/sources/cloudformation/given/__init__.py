"""The values that a user gives to the parameters of templates."""

from auditor.sources.cloudformation.given.files import as_text
from auditor.sources.cloudformation.given.values import (
    Given,
    GivenValue,
    given_in_file,
    given_on_command_line,
)

__all__ = ["Given", "GivenValue", "as_text", "given_in_file", "given_on_command_line"]
