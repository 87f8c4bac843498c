# A group of instances and its launch template: https://registry.terraform.io/modules/terraform-aws-modules/autoscaling/aws
#
# Interfaces and overrides that are given may bring subnets, groups and addresses of their own.

stand_in {
  versions = ">= 6.0, < 10.0"

  unset = ["name"]

  ignored = [
    "autoscaling_group_tags", "autoscaling_group_tags_not_propagate_at_launch", "availability_zone",
    "availability_zone_distribution", "availability_zones", "block_device_mappings", "capacity_rebalance",
    "capacity_reservation_specification", "context", "cpu_options", "create_iam_instance_profile",
    "create_scaling_policy", "create_schedule", "create_traffic_source_attachment", "credit_specification",
    "default_cooldown", "default_instance_warmup", "default_version", "delete_timeout", "desired_capacity",
    "desired_capacity_type", "disable_api_stop", "disable_api_termination", "ebs_optimized",
    "elastic_gpu_specifications", "elastic_inference_accelerator", "enable_monitoring", "enabled_metrics",
    "enclave_options", "force_delete", "force_delete_warm_pool", "health_check_grace_period",
    "health_check_type", "hibernation_options", "iam_instance_profile_arn", "iam_instance_profile_name",
    "iam_role_description", "iam_role_name", "iam_role_path", "iam_role_permissions_boundary",
    "iam_role_policies", "iam_role_tags", "iam_role_use_name_prefix", "ignore_failed_scaling_activities",
    "image_id", "initial_lifecycle_hooks", "instance_initiated_shutdown_behavior",
    "instance_maintenance_policy", "instance_market_options", "instance_name", "instance_refresh",
    "instance_requirements", "instance_type", "kernel_id", "key_name", "launch_template",
    "launch_template_description", "launch_template_id", "launch_template_name", "launch_template_tags",
    "launch_template_use_name_prefix", "launch_template_version", "license_specifications",
    "load_balancers", "maintenance_options", "max_instance_lifetime", "max_size", "metadata_options",
    "metrics_granularity", "min_elb_capacity", "min_size", "mixed_instances_policy", "network_interfaces",
    "network_performance_options", "placement", "placement_group", "private_dns_name_options",
    "protect_from_scale_in", "putin_khuylo", "ram_disk_id", "scaling_policies", "schedules",
    "secondary_interfaces", "service_linked_role_arn", "suspended_processes", "tag_specifications", "tags",
    "target_group_arns", "termination_policies", "timeouts", "traffic_source_attachments",
    "traffic_source_identifier", "traffic_source_type", "update_default_version", "user_data",
    "wait_for_capacity_timeout", "wait_for_elb_capacity", "warm_pool",
  ]
}

given "elsewhere" {
  arguments = ["mixed_instances_policy"]
}

given "wired" {
  arguments = ["network_interfaces", "secondary_interfaces"]
}

defaults {
  create                          = true
  ignore_desired_capacity_changes = false
  create_launch_template          = true
  use_name_prefix                 = true
  vpc_zone_identifier             = null
  security_groups                 = []
  use_mixed_instances_policy      = false
  elsewhere                       = false
  wired                           = false
}

resource "aws_launch_template" "this" {
  count = var.create_launch_template ? 1 : 0

  vpc_security_group_ids = var.wired ? var.anything : var.security_groups
  network_interfaces     = var.wired ? var.anything : []
}

resource "aws_autoscaling_group" "this" {
  count = var.create && !var.ignore_desired_capacity_changes ? 1 : 0

  name                = var.use_name_prefix ? null : var.name
  name_prefix         = var.use_name_prefix ? "${var.name}-" : null
  vpc_zone_identifier = var.elsewhere ? var.anything : var.vpc_zone_identifier

  dynamic "launch_template" {
    for_each = var.use_mixed_instances_policy ? [] : [true]

    content {
      id = var.create_launch_template ? aws_launch_template.this[0].id : var.anything
    }
  }

  dynamic "mixed_instances_policy" {
    for_each = var.use_mixed_instances_policy ? [true] : []

    content {
      launch_template {
        launch_template_specification {
          launch_template_id = var.create_launch_template ? aws_launch_template.this[0].id : var.anything
        }
      }
    }
  }
}

resource "aws_autoscaling_group" "idc" {
  count = var.create && var.ignore_desired_capacity_changes ? 1 : 0

  name                = var.use_name_prefix ? null : var.name
  name_prefix         = var.use_name_prefix ? "${var.name}-" : null
  vpc_zone_identifier = var.elsewhere ? var.anything : var.vpc_zone_identifier

  dynamic "launch_template" {
    for_each = var.use_mixed_instances_policy ? [] : [true]

    content {
      id = var.create_launch_template ? aws_launch_template.this[0].id : var.anything
    }
  }

  dynamic "mixed_instances_policy" {
    for_each = var.use_mixed_instances_policy ? [true] : []

    content {
      launch_template {
        launch_template_specification {
          launch_template_id = var.create_launch_template ? aws_launch_template.this[0].id : var.anything
        }
      }
    }
  }
}

outputs {
  autoscaling_group_id = try(aws_autoscaling_group.this[0].id, aws_autoscaling_group.idc[0].id, var.anything)
  launch_template_id   = try(aws_launch_template.this[0].id, var.anything)
}
