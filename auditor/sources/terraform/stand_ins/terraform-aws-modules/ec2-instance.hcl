# An instance: https://registry.terraform.io/modules/terraform-aws-modules/ec2-instance/aws
#
# Interfaces and launch templates that are given may bring subnets, groups and addresses of their own.

stand_in {
  versions = ">= 3.0, < 7.0"

  ignored = [
    "ami", "ami_ssm_parameter", "availability_zone", "capacity_reservation_specification", "cpu_core_count",
    "cpu_credits", "cpu_options", "cpu_threads_per_core", "create_iam_instance_profile", "disable_api_stop",
    "disable_api_termination", "ebs_block_device", "ebs_optimized", "ebs_volumes", "eip_domain", "eip_tags",
    "enable_primary_ipv6", "enable_volume_tags", "enclave_options_enabled", "ephemeral_block_device",
    "force_destroy", "get_password_data", "hibernation", "host_id", "host_resource_group_arn",
    "iam_instance_profile", "iam_role_description", "iam_role_name", "iam_role_path",
    "iam_role_permissions_boundary", "iam_role_policies", "iam_role_tags", "iam_role_use_name_prefix",
    "instance_initiated_shutdown_behavior", "instance_market_options", "instance_tags", "instance_type",
    "ipv6_address_count", "ipv6_addresses", "key_name", "launch_template", "maintenance_options",
    "metadata_options", "monitoring", "network_interface", "placement_group", "placement_group_id",
    "placement_partition_number", "private_dns_name_options", "private_ip", "putin_khuylo",
    "root_block_device", "secondary_network_interface", "secondary_private_ips",
    "security_group_description", "security_group_name", "security_group_tags",
    "security_group_use_name_prefix", "source_dest_check", "spot_block_duration_minutes",
    "spot_instance_interruption_behavior", "spot_launch_group", "spot_price", "spot_type",
    "spot_valid_from", "spot_valid_until", "spot_wait_for_fulfillment", "tenancy", "timeouts", "user_data",
    "user_data_base64", "user_data_replace_on_change", "volume_tags",
  ]
}

given "wired" {
  arguments = ["network_interface", "launch_template", "secondary_network_interface"]
}

defaults "< 6.0" {
  create_security_group  = false
  vpc_security_group_ids = null
}

defaults ">= 6.0" {
  create_security_group  = true
  vpc_security_group_ids = []
  security_group_egress_rules = {
    ipv4_default = { cidr_ipv4 = "0.0.0.0/0", ip_protocol = "-1" }
    ipv6_default = { cidr_ipv6 = "::/0", ip_protocol = "-1" }
  }
}

defaults {
  create                       = true
  name                         = ""
  subnet_id                    = null
  associate_public_ip_address  = null
  tags                         = {}
  create_spot_instance         = false
  ignore_ami_changes           = false
  create_eip                   = false
  security_group_vpc_id        = null
  security_group_ingress_rules = null
  wired                        = false
}

locals {
  create_group = var.create && var.create_security_group && !var.wired
  groups       = local.create_group ? concat(var.vpc_security_group_ids, aws_security_group.this[*].id) : var.vpc_security_group_ids
  instance     = try(aws_instance.this[0].id, aws_instance.ignore_ami[0].id, aws_spot_instance_request.this[0].spot_instance_id, var.anything)
}

resource "aws_instance" "this" {
  count = var.create && !var.ignore_ami_changes && !var.create_spot_instance ? 1 : 0

  subnet_id                   = var.wired ? var.anything : var.subnet_id
  vpc_security_group_ids      = var.wired ? var.anything : local.groups
  associate_public_ip_address = var.wired ? var.anything : var.associate_public_ip_address
  tags                        = merge({ Name = var.name }, var.tags)
}

resource "aws_instance" "ignore_ami" {
  count = var.create && var.ignore_ami_changes && !var.create_spot_instance ? 1 : 0

  subnet_id                   = var.wired ? var.anything : var.subnet_id
  vpc_security_group_ids      = var.wired ? var.anything : local.groups
  associate_public_ip_address = var.wired ? var.anything : var.associate_public_ip_address
  tags                        = merge({ Name = var.name }, var.tags)
}

resource "aws_spot_instance_request" "this" {
  count = var.create && var.create_spot_instance ? 1 : 0

  subnet_id                   = var.wired ? var.anything : var.subnet_id
  vpc_security_group_ids      = var.wired ? var.anything : local.groups
  associate_public_ip_address = var.wired ? var.anything : var.associate_public_ip_address
  tags                        = merge({ Name = var.name }, var.tags)
}

resource "aws_eip" "this" {
  count = var.create && var.create_eip && !var.create_spot_instance ? 1 : 0

  instance = local.instance
}

resource "aws_security_group" "this" {
  count = local.create_group ? 1 : 0

  name   = var.anything
  vpc_id = var.security_group_vpc_id != null ? var.security_group_vpc_id : var.anything
  tags   = var.anything
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  for_each = local.create_group && var.security_group_ingress_rules != null ? var.security_group_ingress_rules : {}

  security_group_id            = aws_security_group.this[0].id
  ip_protocol                  = try(each.value.ip_protocol, "tcp")
  from_port                    = try(each.value.from_port, var.anything)
  to_port                      = try(each.value.to_port, var.anything)
  cidr_ipv4                    = try(each.value.cidr_ipv4, null)
  cidr_ipv6                    = try(each.value.cidr_ipv6, null)
  prefix_list_id               = try(each.value.prefix_list_id, null)
  referenced_security_group_id = try(each.value.referenced_security_group_id, null)
}

resource "aws_vpc_security_group_egress_rule" "this" {
  for_each = local.create_group && var.security_group_egress_rules != null ? var.security_group_egress_rules : {}

  security_group_id            = aws_security_group.this[0].id
  ip_protocol                  = try(each.value.ip_protocol, "tcp")
  from_port                    = try(each.value.from_port, var.anything)
  to_port                      = try(each.value.to_port, var.anything)
  cidr_ipv4                    = try(each.value.cidr_ipv4, null)
  cidr_ipv6                    = try(each.value.cidr_ipv6, null)
  prefix_list_id               = try(each.value.prefix_list_id, null)
  referenced_security_group_id = try(each.value.referenced_security_group_id, null)
}

outputs {
  id                = local.instance
  security_group_id = try(aws_security_group.this[0].id, var.anything)
  private_ip        = try(aws_instance.this[0].private_ip, aws_instance.ignore_ami[0].private_ip, var.anything)
}
