# A Kafka cluster: https://registry.terraform.io/modules/terraform-aws-modules/msk-kafka-cluster/aws

stand_in {
  versions = ">= 1.0, < 4.0"

  unset = ["name"]

  ignored = [
    "broker_node_az_distribution", "broker_node_connectivity_info", "broker_node_ebs_volume_size",
    "broker_node_instance_type", "broker_node_storage_info", "client_authentication",
    "client_authentication_sasl_iam", "client_authentication_sasl_scram",
    "client_authentication_tls_certificate_authority_arns", "cloudwatch_log_group_class",
    "cloudwatch_log_group_kms_key_id", "cloudwatch_log_group_name",
    "cloudwatch_log_group_retention_in_days", "cloudwatch_logs_enabled",
    "cluster_override_policy_documents", "cluster_policy_statements", "cluster_source_policy_documents",
    "configuration_arn", "configuration_description", "configuration_name", "configuration_revision",
    "configuration_server_properties", "connect_custom_plugin_timeouts", "connect_custom_plugins",
    "connect_worker_config_description", "connect_worker_config_name",
    "connect_worker_config_properties_file_content", "create_cloudwatch_log_group", "create_cluster_policy",
    "create_configuration", "create_connect_worker_configuration", "create_schema_registry",
    "create_scram_secret_association", "enable_storage_autoscaling", "encryption_at_rest_kms_key_arn",
    "encryption_in_transit_client_broker", "encryption_in_transit_in_cluster", "enhanced_monitoring",
    "firehose_delivery_stream", "firehose_logs_enabled", "jmx_exporter_enabled", "kafka_version",
    "node_exporter_enabled", "number_of_broker_nodes", "rebalancing", "s3_logs_bucket", "s3_logs_enabled",
    "s3_logs_prefix", "scaling_max_capacity", "scaling_role_arn", "scaling_target_value",
    "schema_registries", "schemas", "scram_secret_association_secret_arn_list", "storage_mode", "tags",
    "timeouts", "topics",
  ]
}

given "wired" {
  arguments = ["broker_node_connectivity_info"]
}

defaults {
  create                      = true
  broker_node_client_subnets  = []
  broker_node_security_groups = []
  vpc_connections             = {}
  wired                       = false
}

resource "aws_msk_cluster" "this" {
  count = var.create ? 1 : 0

  cluster_name = var.name

  broker_node_group_info {
    client_subnets    = var.broker_node_client_subnets
    security_groups   = var.broker_node_security_groups
    connectivity_info = var.wired ? var.anything : []
  }
}

resource "aws_msk_vpc_connection" "this" {
  for_each = var.create ? var.vpc_connections : {}

  client_subnets  = try(each.value.client_subnets, var.anything)
  security_groups = try(each.value.security_groups, var.anything)
  vpc_id          = try(each.value.vpc_id, var.anything)
}

outputs {
  arn = try(aws_msk_cluster.this[0].arn, var.anything)
}
