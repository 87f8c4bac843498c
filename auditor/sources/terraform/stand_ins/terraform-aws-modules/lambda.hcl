# A function: https://registry.terraform.io/modules/terraform-aws-modules/lambda/aws

stand_in {
  versions = ">= 1.0, < 9.0"

  ignored = [
    "alias_description", "alias_function_name", "alias_function_version", "alias_name",
    "alias_routing_additional_version_weights", "allowed_triggers", "architectures", "artifacts_dir",
    "assume_role_policy_statements", "attach_async_event_policy", "attach_cloudwatch_logs_policy",
    "attach_create_log_group_permission", "attach_dead_letter_policy", "attach_network_policy",
    "attach_policies", "attach_policy", "attach_policy_json", "attach_policy_jsons",
    "attach_policy_statements", "attach_tracing_policy", "authorization_type", "build_in_docker",
    "cloudwatch_logs_deletion_protection_enabled", "cloudwatch_logs_kms_key_id",
    "cloudwatch_logs_log_group_class", "cloudwatch_logs_retention_in_days", "cloudwatch_logs_skip_destroy",
    "cloudwatch_logs_tags", "code_signing_config_arn", "compatible_architectures", "compatible_runtimes",
    "cors", "create_alias", "create_async_event_config", "create_current_version_allowed_triggers",
    "create_current_version_async_event_config", "create_lambda_function_url", "create_package",
    "create_role", "create_sam_metadata", "create_unqualified_alias_allowed_triggers",
    "create_unqualified_alias_async_event_config", "create_unqualified_alias_lambda_function_url",
    "dead_letter_target_arn", "description", "destination_on_failure", "destination_on_success",
    "docker_additional_options", "docker_build_root", "docker_entrypoint", "docker_file", "docker_image",
    "docker_pip_cache", "docker_with_ssh_agent", "durable_config_execution_timeout",
    "durable_config_retention_period", "environment_variables", "ephemeral_storage_size",
    "event_source_mapping", "file_system_arn", "file_system_local_mount_path", "function_tags", "handler",
    "hash_extra", "ignore_source_code_hash", "image_config_command", "image_config_entry_point",
    "image_config_working_directory", "image_uri", "include_default_tag", "invoke_mode",
    "ipv6_allowed_for_dual_stack", "kms_key_arn", "lambda_at_edge", "lambda_at_edge_logs_all_regions",
    "lambda_role", "layer_name", "layer_skip_destroy", "layers", "license_info", "local_existing_package",
    "logging_application_log_level", "logging_log_format", "logging_log_group", "logging_system_log_level",
    "managed_instances_capacity_provider_arn", "maximum_event_age_in_seconds", "maximum_retry_attempts",
    "memory_size", "number_of_policies", "number_of_policy_jsons", "package_type", "policies", "policy",
    "policy_json", "policy_jsons", "policy_name", "policy_path", "policy_statements",
    "provisioned_concurrent_executions", "publish", "putin_khuylo", "quiet_archive_local_exec",
    "recreate_missing_package", "recursive_loop", "replace_security_groups_on_destroy",
    "replacement_security_group_ids", "reserved_concurrent_executions", "role_description",
    "role_force_detach_policies", "role_maximum_session_duration", "role_name", "role_path",
    "role_permissions_boundary", "role_tags", "runtime", "s3_acl", "s3_bucket", "s3_existing_package",
    "s3_kms_key_id", "s3_object_override_default_tags", "s3_object_storage_class", "s3_object_tags",
    "s3_object_tags_only", "s3_prefix", "s3_server_side_encryption", "skip_destroy", "snap_start",
    "source_path", "store_on_s3", "tenant_isolation_mode", "timeout", "timeouts", "tracing_mode",
    "trigger_on_package_timestamp", "trusted_entities", "use_existing_cloudwatch_log_group",
  ]
}

defaults {
  create                 = true
  create_function        = true
  create_layer           = false
  function_name          = ""
  vpc_subnet_ids         = null
  vpc_security_group_ids = null
  tags                   = {}
}

resource "aws_lambda_function" "this" {
  count = var.create && var.create_function && !var.create_layer ? 1 : 0

  function_name = var.function_name
  tags          = var.anything

  dynamic "vpc_config" {
    for_each = var.vpc_subnet_ids != null && var.vpc_security_group_ids != null ? [true] : []

    content {
      subnet_ids         = var.vpc_subnet_ids
      security_group_ids = var.vpc_security_group_ids
    }
  }
}

outputs {
  lambda_function_arn  = try(aws_lambda_function.this[0].arn, var.anything)
  lambda_function_name = try(aws_lambda_function.this[0].function_name, var.anything)
}
