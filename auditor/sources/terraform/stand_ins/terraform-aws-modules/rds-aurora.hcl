# A cluster of databases: https://registry.terraform.io/modules/terraform-aws-modules/rds-aurora/aws
#
# The rules of its own group are not told: how they are given has changed.

stand_in {
  versions = ">= 8.0, < 11.0"

  ignored = [
    "allocated_storage", "allow_major_version_upgrade", "apply_immediately", "auto_minor_version_upgrade",
    "autoscaling_enabled", "autoscaling_max_capacity", "autoscaling_min_capacity",
    "autoscaling_policy_name", "autoscaling_scale_in_cooldown", "autoscaling_scale_out_cooldown",
    "autoscaling_target_connections", "autoscaling_target_cpu", "availability_zones", "backtrack_window",
    "backup_retention_period", "ca_cert_identifier", "cloudwatch_log_group_class",
    "cloudwatch_log_group_kms_key_id", "cloudwatch_log_group_retention_in_days",
    "cloudwatch_log_group_skip_destroy", "cloudwatch_log_group_tags", "cluster_activity_stream",
    "cluster_ca_cert_identifier", "cluster_db_instance_parameter_group_name", "cluster_instance_class",
    "cluster_members", "cluster_monitoring_interval", "cluster_parameter_group",
    "cluster_parameter_group_name", "cluster_performance_insights_enabled",
    "cluster_performance_insights_kms_key_id", "cluster_performance_insights_retention_period",
    "cluster_scalability_type", "cluster_tags", "cluster_timeouts", "compute_redundancy",
    "copy_tags_to_snapshot", "create_cloudwatch_log_group", "create_db_cluster_activity_stream",
    "create_db_cluster_parameter_group", "create_db_parameter_group", "create_monitoring_role",
    "create_shard_group", "database_insights_mode", "database_name",
    "db_cluster_activity_stream_kms_key_id", "db_cluster_activity_stream_mode",
    "db_cluster_db_instance_parameter_group_name", "db_cluster_instance_class",
    "db_cluster_parameter_group_description", "db_cluster_parameter_group_family",
    "db_cluster_parameter_group_name", "db_cluster_parameter_group_parameters",
    "db_cluster_parameter_group_use_name_prefix", "db_parameter_group", "db_parameter_group_description",
    "db_parameter_group_family", "db_parameter_group_name", "db_parameter_group_parameters",
    "db_parameter_group_use_name_prefix", "db_shard_group_identifier", "delete_automated_backups",
    "deletion_protection", "domain", "domain_iam_role_name", "enable_global_write_forwarding",
    "enable_http_endpoint", "enable_local_write_forwarding", "enabled_cloudwatch_logs_exports", "endpoints",
    "engine_lifecycle_support", "engine_mode", "engine_native_audit_fields_included", "engine_version",
    "final_snapshot_identifier", "global_cluster_identifier", "iam_database_authentication_enabled",
    "iam_role_description", "iam_role_force_detach_policies", "iam_role_managed_policy_arns",
    "iam_role_max_session_duration", "iam_role_name", "iam_role_path", "iam_role_permissions_boundary",
    "iam_role_use_name_prefix", "iam_roles", "instance_class", "instance_timeouts",
    "instances_use_identifier_prefix", "iops", "is_primary_cluster", "kms_key_id",
    "manage_master_user_password", "manage_master_user_password_rotation", "master_password",
    "master_password_wo", "master_password_wo_version", "master_user_password_rotate_immediately",
    "master_user_password_rotation_automatically_after_days", "master_user_password_rotation_duration",
    "master_user_password_rotation_schedule_expression", "master_user_secret_kms_key_id", "master_username",
    "max_acu", "min_acu", "monitoring_interval", "monitoring_role_arn", "network_type",
    "performance_insights_enabled", "performance_insights_kms_key_id",
    "performance_insights_retention_period", "predefined_metric_type", "preferred_backup_window",
    "preferred_maintenance_window", "publicly_accessible", "putin_khuylo", "replication_source_identifier",
    "restore_to_point_in_time", "role_associations", "s3_import", "scaling_configuration",
    "security_group_description", "security_group_egress_rules", "security_group_ingress_rules",
    "security_group_name", "security_group_rules", "security_group_tags", "security_group_use_name_prefix",
    "serverlessv2_scaling_configuration", "shard_group", "shard_group_tags", "shard_group_timeouts",
    "skip_final_snapshot", "snapshot_identifier", "source_region", "storage_encrypted", "storage_type",
    "tags",
  ]
}

defaults {
  create                  = true
  name                    = ""
  create_db_subnet_group  = false
  db_subnet_group_name    = ""
  subnets                 = []
  vpc_id                  = ""
  vpc_security_group_ids  = []
  create_security_group   = true
  port                    = null
  engine                  = null
  instances               = {}
  cluster_use_name_prefix = false
}

locals {
  create_group = var.create && var.create_security_group
  port         = try(coalesce(var.port, var.engine == "aurora-postgresql" || var.engine == "postgres" ? 5432 : 3306), var.anything)
  subnet_group = var.create_db_subnet_group ? try(aws_db_subnet_group.this[0].name, var.anything) : try(coalesce(var.db_subnet_group_name, var.name), var.anything)
}

resource "aws_db_subnet_group" "this" {
  count = var.create && var.create_db_subnet_group ? 1 : 0

  name       = try(coalesce(var.db_subnet_group_name, var.name), var.anything)
  subnet_ids = var.subnets
}

resource "aws_rds_cluster" "this" {
  count = var.create ? 1 : 0

  cluster_identifier     = var.cluster_use_name_prefix ? null : var.name
  engine                 = var.engine
  port                   = local.port
  db_subnet_group_name   = local.subnet_group
  vpc_security_group_ids = compact(concat(aws_security_group.this[*].id, var.vpc_security_group_ids))
}

resource "aws_rds_cluster_instance" "this" {
  for_each = var.create ? (var.anything ? var.instances : {}) : {}

  cluster_identifier   = aws_rds_cluster.this[0].id
  engine               = var.engine
  db_subnet_group_name = local.subnet_group
  publicly_accessible  = var.anything
}

resource "aws_security_group" "this" {
  count = local.create_group ? 1 : 0

  name   = var.anything
  vpc_id = var.vpc_id
  tags   = var.anything
}

resource "aws_security_group_rule" "this" {
  count = local.create_group ? var.anything : 0

  security_group_id        = aws_security_group.this[0].id
  type                     = var.anything
  protocol                 = var.anything
  from_port                = var.anything
  to_port                  = var.anything
  cidr_blocks              = var.anything
  source_security_group_id = var.anything
}

outputs {
  security_group_id    = try(aws_security_group.this[0].id, var.anything)
  cluster_id           = try(aws_rds_cluster.this[0].id, var.anything)
  db_subnet_group_name = local.subnet_group
}
