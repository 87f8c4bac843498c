"""Machine learning beside SageMaker's notebooks: training, monitoring and labelling in a VPC.

https://docs.aws.amazon.com/sagemaker/latest/dg/infrastructure-give-access.html
https://docs.aws.amazon.com/comprehend/latest/dg/usingVPC.html
https://docs.aws.amazon.com/bedrock/latest/userguide/vpc-model-customization.html
"""

from __future__ import annotations

from auditor.aws.reader import Row, Spelling
from auditor.aws.reader.respelling import unless_empty

_JOB = "network_config.vpc_config"
_SCHEDULED = "monitoring_schedule_config.monitoring_job_definition.network_config.vpc_config"

ROWS = (
    Row(
        kinds=("aws_bedrock_custom_model",),
        requires="vpc_config",
        outside=True,
        subnets=("vpc_config.subnet_ids",),
        groups=("vpc_config.security_group_ids",),
        accepts=False,
        names=("custom_model_name",),
    ),
    Row(
        kinds=("aws_comprehend_document_classifier", "aws_comprehend_entity_recognizer"),
        requires="vpc_config",
        outside=True,
        subnets=("vpc_config.subnets",),
        groups=("vpc_config.security_group_ids",),
        accepts=False,
    ),
    Row(
        kinds=(
            "aws_sagemaker_data_quality_job_definition",
            "aws_sagemaker_model_bias_job_definition",
            "aws_sagemaker_model_explainability_job_definition",
            "aws_sagemaker_model_quality_job_definition",
            "aws_sagemaker_processing_job",
        ),
        requires=_JOB,
        outside=True,
        subnets=(f"{_JOB}.subnets",),
        groups=(f"{_JOB}.security_group_ids",),
    ),
    Row(
        kinds=("aws_sagemaker_monitoring_schedule",),
        requires=_SCHEDULED,
        subnets=(f"{_SCHEDULED}.subnets",),
        groups=(f"{_SCHEDULED}.security_group_ids",),
    ),
    Row(
        kinds=("aws_sagemaker_endpoint_configuration",),
        requires="vpc_config",
        subnets=("vpc_config.subnets",),
        groups=("vpc_config.security_group_ids",),
    ),
    # The apps of a user stand in the subnets of the domain.
    Row(
        kinds=("aws_sagemaker_user_profile",),
        requires="user_settings.security_groups",
        groups=("user_settings.security_groups",),
        default_group=False,
        names=("user_profile_name",),
    ),
    # The portal for workers is reached through an endpoint of its own.
    Row(
        kinds=("aws_sagemaker_workforce",),
        requires="workforce_vpc_config",
        outside=True,
        subnets=("workforce_vpc_config.subnets",),
        groups=("workforce_vpc_config.security_group_ids",),
        vpc="workforce_vpc_config.vpc_id",
        initiates=False,
        names=("workforce_name",),
    ),
)

SPELLINGS = {
    "AWS::Comprehend::DocumentClassifier": Spelling(
        kind="aws_comprehend_document_classifier",
        renamed={"DocumentClassifierName": "name"},
        then=unless_empty("vpc_config"),
    ),
    "AWS::SageMaker::DataQualityJobDefinition": Spelling(kind="aws_sagemaker_data_quality_job_definition"),
    "AWS::SageMaker::ModelBiasJobDefinition": Spelling(kind="aws_sagemaker_model_bias_job_definition"),
    "AWS::SageMaker::ModelExplainabilityJobDefinition": Spelling(
        kind="aws_sagemaker_model_explainability_job_definition"
    ),
    "AWS::SageMaker::ModelQualityJobDefinition": Spelling(kind="aws_sagemaker_model_quality_job_definition"),
    "AWS::SageMaker::ProcessingJob": Spelling(kind="aws_sagemaker_processing_job"),
    "AWS::SageMaker::MonitoringSchedule": Spelling(kind="aws_sagemaker_monitoring_schedule"),
    "AWS::SageMaker::EndpointConfig": Spelling(kind="aws_sagemaker_endpoint_configuration"),
    "AWS::SageMaker::UserProfile": Spelling(kind="aws_sagemaker_user_profile"),
}
