# A database: https://registry.terraform.io/modules/terraform-aws-modules/rds/aws

stand_in {
  versions = ">= 5.0, < 8.0"

  unset = ["identifier"]

  ignored = [
    "allocated_storage", "allow_major_version_upgrade", "apply_immediately", "auto_minor_version_upgrade",
    "availability_zone", "backup_retention_period", "backup_window", "blue_green_update",
    "ca_cert_identifier", "character_set_name", "cloudwatch_log_group_class",
    "cloudwatch_log_group_kms_key_id", "cloudwatch_log_group_retention_in_days",
    "cloudwatch_log_group_skip_destroy", "cloudwatch_log_group_tags", "copy_tags_to_snapshot",
    "create_cloudwatch_log_group", "create_db_option_group", "create_db_parameter_group",
    "create_monitoring_role", "create_random_password", "custom_iam_instance_profile",
    "customer_owned_ip_enabled", "database_insights_mode", "db_instance_role_associations",
    "db_instance_tags", "db_name", "db_option_group_tags", "db_parameter_group_tags",
    "db_subnet_group_description", "db_subnet_group_tags", "dedicated_log_volume",
    "delete_automated_backups", "deletion_protection", "domain", "domain_auth_secret_arn", "domain_dns_ips",
    "domain_fqdn", "domain_iam_role_name", "domain_ou", "enabled_cloudwatch_logs_exports",
    "engine_lifecycle_support", "engine_version", "family", "final_snapshot_identifier_prefix",
    "iam_database_authentication_enabled", "instance_class", "iops", "kms_key_id", "license_model",
    "maintenance_window", "major_engine_version", "manage_master_user_password",
    "manage_master_user_password_rotation", "master_user_password_rotate_immediately",
    "master_user_password_rotation_automatically_after_days", "master_user_password_rotation_duration",
    "master_user_password_rotation_schedule_expression", "master_user_secret_kms_key_id",
    "max_allocated_storage", "monitoring_interval", "monitoring_role_arn", "monitoring_role_description",
    "monitoring_role_name", "monitoring_role_permissions_boundary", "monitoring_role_use_name_prefix",
    "multi_az", "nchar_character_set_name", "network_type", "option_group_description", "option_group_name",
    "option_group_skip_destroy", "option_group_timeouts", "option_group_use_name_prefix", "options",
    "parameter_group_description", "parameter_group_name", "parameter_group_skip_destroy",
    "parameter_group_use_name_prefix", "parameters", "password", "password_wo", "password_wo_version",
    "performance_insights_enabled", "performance_insights_kms_key_id",
    "performance_insights_retention_period", "putin_khuylo", "random_password_length", "replica_mode",
    "restore_to_point_in_time", "s3_import", "skip_final_snapshot", "snapshot_identifier",
    "storage_encrypted", "storage_throughput", "storage_type", "tags", "timeouts", "timezone",
    "upgrade_storage_config", "username",
  ]
}

defaults {
  create_db_instance              = true
  create_db_subnet_group          = false
  db_subnet_group_use_name_prefix = true
  instance_use_identifier_prefix  = false
  db_subnet_group_name            = null
  subnet_ids                      = []
  vpc_security_group_ids          = []
  publicly_accessible             = false
  port                            = null
  engine                          = null
  replicate_source_db             = null
}

module "db_subnet_group" {
  source = "terraform-aws-modules/rds/aws//modules/db_subnet_group"

  create          = var.create_db_subnet_group
  name            = try(coalesce(var.db_subnet_group_name, var.identifier), var.anything)
  use_name_prefix = var.db_subnet_group_use_name_prefix
  subnet_ids      = var.subnet_ids
}

module "db_instance" {
  source = "terraform-aws-modules/rds/aws//modules/db_instance"

  create                 = var.create_db_instance
  identifier             = var.identifier
  use_identifier_prefix  = var.instance_use_identifier_prefix
  engine                 = var.engine
  port                   = var.port
  publicly_accessible    = var.publicly_accessible
  vpc_security_group_ids = var.vpc_security_group_ids
  db_subnet_group_name   = var.create_db_subnet_group ? module.db_subnet_group.db_subnet_group_id : var.db_subnet_group_name
  replicate_source_db    = var.replicate_source_db
}

outputs {
  db_subnet_group_id = module.db_subnet_group.db_subnet_group_id
  db_instance_id     = module.db_instance.db_instance_id
}
