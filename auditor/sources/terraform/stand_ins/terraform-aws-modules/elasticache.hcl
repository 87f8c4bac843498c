# A cache: https://registry.terraform.io/modules/terraform-aws-modules/elasticache/aws

stand_in {
  versions = ">= 1.0, < 2.0"

  ignored = [
    "apply_immediately", "at_rest_encryption_enabled", "auth_token", "auth_token_update_strategy",
    "auto_minor_version_upgrade", "automatic_failover_enabled", "availability_zone", "az_mode",
    "cluster_mode", "cluster_mode_enabled", "create_parameter_group", "data_tiering_enabled", "description",
    "engine_version", "final_snapshot_identifier", "global_replication_group_id",
    "global_replication_group_id_suffix", "ip_discovery", "kms_key_arn", "log_delivery_configuration",
    "maintenance_window", "multi_az_enabled", "network_type", "node_type", "notification_topic_arn",
    "num_cache_clusters", "num_cache_nodes", "num_node_groups", "outpost_mode",
    "parameter_group_description", "parameter_group_family", "parameter_group_name", "parameters",
    "preferred_availability_zones", "preferred_cache_cluster_azs", "preferred_outpost_arn",
    "replicas_per_node_group", "security_group_description", "security_group_name", "security_group_names",
    "security_group_tags", "security_group_use_name_prefix", "snapshot_arns", "snapshot_name",
    "snapshot_retention_limit", "snapshot_window", "subnet_group_description", "tags", "timeouts",
    "transit_encryption_enabled", "transit_encryption_mode", "user_group_ids",
  ]
}

defaults {
  create                                    = true
  create_cluster                            = false
  create_replication_group                  = true
  create_primary_global_replication_group   = false
  create_secondary_global_replication_group = false
  cluster_id                                = ""
  replication_group_id                      = null
  engine                                    = "redis"
  port                                      = null
  security_group_ids                        = []
  create_subnet_group                       = true
  subnet_group_name                         = null
  subnet_ids                                = []
  create_security_group                     = true
  vpc_id                                    = null
  security_group_rules                      = {}
}

locals {
  global       = var.create_primary_global_replication_group || var.create_secondary_global_replication_group
  create_group = var.create && var.create_security_group
  groups       = local.create_group ? concat(var.security_group_ids, aws_security_group.this[*].id) : var.security_group_ids
  port         = var.engine == "memcached" ? 11211 : 6379
  subnet_group = var.create && var.create_subnet_group ? aws_elasticache_subnet_group.this[0].name : var.subnet_group_name
  own_cluster  = var.replication_group_id == null
}

resource "aws_elasticache_cluster" "this" {
  count = var.create && var.create_cluster ? 1 : 0

  cluster_id           = var.cluster_id
  engine               = local.own_cluster ? var.engine : null
  port                 = local.own_cluster ? try(coalesce(var.port, local.port), var.anything) : null
  replication_group_id = var.create && var.create_replication_group ? (local.global ? var.anything : aws_elasticache_replication_group.this[0].id) : var.replication_group_id
  security_group_ids   = local.own_cluster ? local.groups : null
  subnet_group_name    = local.own_cluster ? local.subnet_group : null
}

resource "aws_elasticache_replication_group" "this" {
  count = var.create && var.create_replication_group && !local.global ? 1 : 0

  replication_group_id = var.replication_group_id
  engine               = var.engine
  port                 = try(coalesce(var.port, local.port), var.anything)
  security_group_ids   = local.groups
  subnet_group_name    = local.subnet_group
}

resource "aws_elasticache_replication_group" "global" {
  count = var.create && var.create_replication_group && local.global ? 1 : 0

  replication_group_id = var.replication_group_id
  engine               = var.engine
  port                 = try(coalesce(var.port, local.port), var.anything)
  security_group_ids   = local.groups
  subnet_group_name    = local.subnet_group
}

resource "aws_elasticache_subnet_group" "this" {
  count = var.create && var.create_subnet_group ? 1 : 0

  name       = try(coalesce(var.subnet_group_name, var.cluster_id, var.replication_group_id), var.anything)
  subnet_ids = var.subnet_ids
}

resource "aws_security_group" "this" {
  count = local.create_group ? 1 : 0

  name   = var.anything
  vpc_id = var.vpc_id
  tags   = var.anything
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  for_each = { for key, rule in var.security_group_rules : key => rule if local.create_group && try(rule.type, "ingress") == "ingress" }

  security_group_id            = aws_security_group.this[0].id
  ip_protocol                  = try(each.value.ip_protocol, "tcp")
  from_port                    = try(each.value.from_port, local.port)
  to_port                      = try(each.value.to_port, local.port)
  cidr_ipv4                    = try(each.value.cidr_ipv4, null)
  cidr_ipv6                    = try(each.value.cidr_ipv6, null)
  prefix_list_id               = try(each.value.prefix_list_id, null)
  referenced_security_group_id = try(each.value.referenced_security_group_id == "self" ? aws_security_group.this[0].id : each.value.referenced_security_group_id, null)
}

resource "aws_vpc_security_group_egress_rule" "this" {
  for_each = { for key, rule in var.security_group_rules : key => rule if local.create_group && try(rule.type, "ingress") == "egress" }

  security_group_id            = aws_security_group.this[0].id
  ip_protocol                  = try(each.value.ip_protocol, "tcp")
  from_port                    = try(each.value.from_port, local.port)
  to_port                      = try(each.value.to_port, local.port)
  cidr_ipv4                    = try(each.value.cidr_ipv4, null)
  cidr_ipv6                    = try(each.value.cidr_ipv6, null)
  prefix_list_id               = try(each.value.prefix_list_id, null)
  referenced_security_group_id = try(each.value.referenced_security_group_id == "self" ? aws_security_group.this[0].id : each.value.referenced_security_group_id, null)
}

outputs {
  security_group_id    = try(aws_security_group.this[0].id, var.anything)
  replication_group_id = local.global ? var.anything : try(aws_elasticache_replication_group.this[0].id, var.anything)
}
