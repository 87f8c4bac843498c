"""What ``cdk synth`` leaves: an assembly of templates, with the environments that they are for."""

from auditor.sources.cloudformation.cdk.assembly import AssemblyStack, read_assembly
from auditor.sources.cloudformation.cdk.assets import asset_file
from auditor.sources.cloudformation.cdk.made_up import without_made_up
from auditor.sources.cloudformation.cdk.paths import construct_paths

__all__ = ["AssemblyStack", "asset_file", "construct_paths", "read_assembly", "without_made_up"]
