# Endpoints of a VPC: https://registry.terraform.io/modules/terraform-aws-modules/vpc/aws/latest/submodules/vpc-endpoints

stand_in {
  versions = ">= 3.0, < 7.0"

  unset = ["ever"]

  ignored = [
    "security_group_description", "security_group_name", "security_group_name_prefix",
    "security_group_tags", "tags", "timeouts",
  ]
}

defaults ">= 4.0" {
  ever = false
}

defaults {
  create                = true
  vpc_id                = null
  region                = null
  endpoints             = {}
  security_group_ids    = []
  subnet_ids            = []
  create_security_group = false
  security_group_rules  = {}
}

locals {
  endpoints = { for key, endpoint in var.endpoints : key => endpoint if var.create && (try(endpoint.create, true) || var.ever) }
  groups    = var.create && var.create_security_group ? concat(var.security_group_ids, aws_security_group.this[*].id) : var.security_group_ids
}

data "aws_vpc_endpoint_service" "this" {
  for_each = local.endpoints

  service = can(each.value.service_region) ? var.anything : try(each.value.service, var.anything)
}

resource "aws_vpc_endpoint" "this" {
  for_each = local.endpoints

  vpc_id               = var.vpc_id
  service_name         = can(each.value.service_endpoint) || can(each.value.service_region) || var.region != null ? var.anything : try(data.aws_vpc_endpoint_service.this[each.key].service_name, var.anything)
  vpc_endpoint_type    = try(each.value.service_type, "Interface")
  security_group_ids   = try(each.value.service_type, "Interface") == "Interface" ? distinct(concat(local.groups, try(each.value.security_group_ids, []))) : null
  subnet_ids           = try(each.value.service_type, "Interface") == "Interface" ? distinct(concat(var.subnet_ids, try(each.value.subnet_ids, []))) : null
  route_table_ids      = try(each.value.service_type, "Interface") == "Gateway" ? try(each.value.route_table_ids, null) : null
  policy               = try(each.value.policy, null)
  private_dns_enabled  = try(each.value.service_type, "Interface") == "Interface" ? try(each.value.private_dns_enabled, null) : null
  subnet_configuration = can(each.value.subnet_configurations) ? var.anything : null
}

resource "aws_security_group" "this" {
  count = var.create && var.create_security_group ? 1 : 0

  name   = var.anything
  vpc_id = var.vpc_id
  tags   = var.anything
}

resource "aws_security_group_rule" "this" {
  for_each = var.create && var.create_security_group ? var.security_group_rules : {}

  security_group_id        = aws_security_group.this[0].id
  type                     = try(each.value.type, "ingress")
  protocol                 = try(each.value.protocol, "tcp")
  from_port                = try(each.value.from_port, 443)
  to_port                  = try(each.value.to_port, 443)
  cidr_blocks              = try(each.value.cidr_blocks, null)
  ipv6_cidr_blocks         = try(each.value.ipv6_cidr_blocks, null)
  prefix_list_ids          = try(each.value.prefix_list_ids, null)
  self                     = try(each.value.self, null)
  source_security_group_id = try(each.value.source_security_group_id, null)
}

outputs {
  security_group_id = try(aws_security_group.this[0].id, var.anything)
  endpoints         = aws_vpc_endpoint.this
}
