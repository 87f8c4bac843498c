"""What runs jobs: builders, notebooks, data processing, batches and workflows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from auditor.aws.reader import Row, Spelling
from auditor.aws.reader.respelling import unless_empty, with_entries
from auditor.model import Placement
from auditor.tree import Map, Resource

ROWS = (
    Row(
        kinds=("aws_codebuild_project", "aws_codebuild_fleet"),
        requires="vpc_config",
        outside=True,
        subnets=("vpc_config.subnets",),
        groups=("vpc_config.security_group_ids",),
        accepts=False,
    ),
    Row(
        kinds=("aws_sagemaker_notebook_instance",),
        requires="subnet_id",
        outside=True,
        subnet=("subnet_id",),
        groups=("security_groups",),
    ),
    Row(
        kinds=("aws_sagemaker_domain",),
        subnets=("subnet_ids",),
        groups=("domain_settings.security_group_ids", "default_user_settings.security_groups"),
        vpc="vpc_id",
        default_group=False,
        names=("domain_name",),
    ),
    Row(
        kinds=("aws_sagemaker_model",),
        requires="vpc_config",
        outside=True,
        subnets=("vpc_config.subnets",),
        groups=("vpc_config.security_group_ids",),
    ),
    Row(
        kinds=("aws_glue_connection",),
        requires="physical_connection_requirements",
        subnet=("physical_connection_requirements.subnet_id",),
        groups=("physical_connection_requirements.security_group_id_list",),
    ),
    Row(
        kinds=("aws_glue_dev_endpoint",),
        requires="subnet_id",
        subnet=("subnet_id",),
        groups=("security_group_ids",),
        public_default=None,
    ),
    Row(
        kinds=("aws_batch_compute_environment",),
        requires="compute_resources",
        subnets=("compute_resources.subnets",),
        groups=("compute_resources.security_group_ids",),
        profiles=(
            ("compute_resources.launch_template.launch_template_id", "aws_launch_template"),
            ("compute_resources.launch_template.launch_template_name", "aws_launch_template"),
        ),
        public_default=None,
        names=("compute_environment_name", "name"),
    ),
    # EMR makes managed groups of its own where none are named.
    Row(
        kinds=("aws_emr_cluster",),
        subnet=("ec2_attributes.subnet_id",),
        subnets=("ec2_attributes.subnet_ids",),
        group=(
            "ec2_attributes.emr_managed_master_security_group",
            "ec2_attributes.emr_managed_slave_security_group",
            "ec2_attributes.service_access_security_group",
            "ec2_attributes.additional_master_security_groups",
            "ec2_attributes.additional_slave_security_groups",
        ),
        public_default=None,
        placement=Placement.ONE,
        default_group=False,
    ),
    Row(
        kinds=("aws_emrserverless_application",),
        requires="network_configuration",
        outside=True,
        subnets=("network_configuration.subnet_ids",),
        groups=("network_configuration.security_group_ids",),
        accepts=False,
    ),
    Row(
        kinds=("aws_emr_studio",),
        subnets=("subnet_ids",),
        group=("workspace_security_group_id", "engine_security_group_id"),
        vpc="vpc_id",
        default_group=False,
    ),
    Row(
        kinds=("aws_mwaa_environment",),
        subnets=("network_configuration.subnet_ids",),
        groups=("network_configuration.security_group_ids",),
    ),
    Row(
        kinds=("aws_imagebuilder_infrastructure_configuration",),
        subnet=("subnet_id",),
        groups=("security_group_ids",),
        public_default=None,
    ),
)


def _where_it_runs(resource: Resource) -> Iterator[Resource]:
    """An EMR cluster in the one subnet that was chosen among those asked for.

    https://docs.aws.amazon.com/emr/latest/APIReference/API_Ec2InstanceAttributes.html
    """
    attributes = resource.body.entries.get("ec2_attributes")
    if isinstance(attributes, Map) and "subnet_id" in attributes.entries:
        kept = {name: node for name, node in attributes.entries.items() if name != "subnet_ids"}
        resource = with_entries(resource, ec2_attributes=replace(attributes, entries=kept))
    yield resource


_PROJECT = Spelling(kind="aws_codebuild_project", then=unless_empty("vpc_config"))
_DOMAIN = Spelling(kind="aws_sagemaker_domain")
_ENVIRONMENT = Spelling(kind="aws_batch_compute_environment", then=unless_empty("compute_resources"))

SPELLINGS = {
    "AWS::CodeBuild::Project": _PROJECT,
    "AWS::CodeBuild::Fleet": Spelling(
        kind="aws_codebuild_fleet", renamed={"FleetVpcConfig": "vpc_config"}, then=unless_empty("vpc_config")
    ),
    "AWS::SageMaker::NotebookInstance": Spelling(
        kind="aws_sagemaker_notebook_instance",
        renamed={"NotebookInstanceName": "name", "SecurityGroupIds": "security_groups"},
    ),
    "AWS::SageMaker::Domain": _DOMAIN,
    "AWS::SageMaker::Model": Spelling(
        kind="aws_sagemaker_model", renamed={"ModelName": "name"}, then=unless_empty("vpc_config")
    ),
    "AWS::Glue::Connection": Spelling(kind="aws_glue_connection", hoisted=frozenset({"ConnectionInput"})),
    "AWS::Glue::DevEndpoint": Spelling(kind="aws_glue_dev_endpoint", renamed={"EndpointName": "name"}),
    "AWS::Batch::ComputeEnvironment": _ENVIRONMENT,
    "AWS::EMR::Cluster": Spelling(
        kind="aws_emr_cluster",
        renamed={
            "Instances": "ec2_attributes",
            "Instances.Ec2SubnetId": "subnet_id",
            "Instances.Ec2SubnetIds": "subnet_ids",
        },
    ),
    "AWS::EMR::Studio": Spelling(kind="aws_emr_studio"),
    "AWS::EMRServerless::Application": Spelling(
        kind="aws_emrserverless_application", then=unless_empty("network_configuration")
    ),
    "AWS::MWAA::Environment": Spelling(kind="aws_mwaa_environment"),
    "AWS::ImageBuilder::InfrastructureConfiguration": Spelling(
        kind="aws_imagebuilder_infrastructure_configuration"
    ),
    "mwaa:Environments": Spelling(kind="aws_mwaa_environment"),
    "emr-serverless:applications": Spelling(
        kind="aws_emrserverless_application", then=unless_empty("network_configuration")
    ),
    "sagemaker:Models": Spelling(
        kind="aws_sagemaker_model", renamed={"ModelName": "name"}, then=unless_empty("vpc_config")
    ),
    "projects": _PROJECT,
    "NotebookInstances": Spelling(
        kind="aws_sagemaker_notebook_instance", renamed={"NotebookInstanceName": "name"}
    ),
    "sagemaker:Domains": _DOMAIN,
    "ConnectionList": Spelling(kind="aws_glue_connection"),
    "computeEnvironments": _ENVIRONMENT,
    "emr:Clusters": Spelling(
        kind="aws_emr_cluster",
        renamed={
            "Ec2InstanceAttributes": "ec2_attributes",
            "Ec2InstanceAttributes.Ec2SubnetId": "subnet_id",
            "Ec2InstanceAttributes.RequestedEc2SubnetIds": "subnet_ids",
        },
        then=_where_it_runs,
    ),
}
