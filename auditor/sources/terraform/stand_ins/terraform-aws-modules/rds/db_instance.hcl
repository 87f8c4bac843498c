# Part of https://registry.terraform.io/modules/terraform-aws-modules/rds/aws

stand_in {
  versions = ">= 5.0, < 8.0"

  unset = ["identifier", "engine"]

  ignored = [
    "allocated_storage", "allow_major_version_upgrade", "apply_immediately", "auto_minor_version_upgrade",
    "availability_zone", "backup_retention_period", "backup_window", "blue_green_update",
    "ca_cert_identifier", "character_set_name", "cloudwatch_log_group_class",
    "cloudwatch_log_group_kms_key_id", "cloudwatch_log_group_retention_in_days",
    "cloudwatch_log_group_skip_destroy", "cloudwatch_log_group_tags", "copy_tags_to_snapshot",
    "create_cloudwatch_log_group", "create_monitoring_role", "custom_iam_instance_profile",
    "customer_owned_ip_enabled", "database_insights_mode", "db_instance_tags", "db_name",
    "dedicated_log_volume", "delete_automated_backups", "deletion_protection", "domain",
    "domain_auth_secret_arn", "domain_dns_ips", "domain_fqdn", "domain_iam_role_name", "domain_ou",
    "enabled_cloudwatch_logs_exports", "engine_lifecycle_support", "engine_version",
    "final_snapshot_identifier_prefix", "iam_database_authentication_enabled", "instance_class", "iops",
    "kms_key_id", "license_model", "maintenance_window", "manage_master_user_password",
    "manage_master_user_password_rotation", "master_user_password_rotate_immediately",
    "master_user_password_rotation_automatically_after_days", "master_user_password_rotation_duration",
    "master_user_password_rotation_schedule_expression", "master_user_secret_kms_key_id",
    "max_allocated_storage", "monitoring_interval", "monitoring_role_arn", "monitoring_role_description",
    "monitoring_role_name", "monitoring_role_permissions_boundary", "monitoring_role_use_name_prefix",
    "multi_az", "nchar_character_set_name", "network_type", "option_group_name", "parameter_group_name",
    "password", "password_wo", "password_wo_version", "performance_insights_enabled",
    "performance_insights_kms_key_id", "performance_insights_retention_period", "replica_mode",
    "restore_to_point_in_time", "s3_import", "skip_final_snapshot", "snapshot_identifier",
    "storage_encrypted", "storage_throughput", "storage_type", "tags", "timeouts", "timezone",
    "upgrade_storage_config", "username",
  ]
}

defaults {
  create                 = true
  use_identifier_prefix  = false
  vpc_security_group_ids = []
  publicly_accessible    = false
  port                   = null
  db_subnet_group_name   = null
  replicate_source_db    = null
}

resource "aws_db_instance" "this" {
  count = var.create ? 1 : 0

  identifier             = var.use_identifier_prefix ? null : var.identifier
  identifier_prefix      = var.use_identifier_prefix ? "${var.identifier}-" : null
  engine                 = var.replicate_source_db != null ? var.anything : var.engine
  port                   = var.port
  publicly_accessible    = var.publicly_accessible
  vpc_security_group_ids = var.vpc_security_group_ids
  db_subnet_group_name   = var.db_subnet_group_name
  replicate_source_db    = var.replicate_source_db
}

outputs {
  db_instance_id = try(aws_db_instance.this[0].id, var.anything)
}
