# A load balancer and its listeners: https://registry.terraform.io/modules/terraform-aws-modules/alb/aws

stand_in {
  versions = ">= 6.0, < 11.0"

  unset = ["create_security_group", "any_type", "subnets", "security_group_ingress_rules", "security_group_egress_rules", "security_group_rules", "internal"]

  ignored = [
    "access_logs", "additional_target_group_attachments", "associate_web_acl", "client_keep_alive",
    "connection_logs", "customer_owned_ipv4_pool", "desync_mitigation_mode",
    "dns_record_client_routing_policy", "drop_invalid_header_fields", "enable_cross_zone_load_balancing",
    "enable_deletion_protection", "enable_http2", "enable_tls_version_and_cipher_suite_headers",
    "enable_waf_fail_open", "enable_xff_client_port", "enable_zonal_shift",
    "enforce_security_group_inbound_rules_on_private_link_traffic", "extra_ssl_certs", "health_check_logs",
    "http_tcp_listener_rules", "http_tcp_listener_rules_tags", "http_tcp_listeners_tags",
    "https_listener_rules", "https_listener_rules_tags", "https_listeners_tags", "idle_timeout",
    "ip_address_type", "ipam_pools", "lb_tags", "listener_ssl_policy_default",
    "load_balancer_create_timeout", "load_balancer_delete_timeout", "load_balancer_update_timeout",
    "minimum_load_balancer_capacity", "name_prefix", "preserve_host_header", "putin_khuylo",
    "route53_records", "security_group_description", "security_group_tags",
    "security_group_use_name_prefix", "subnet_mapping", "target_group_tags", "target_groups", "timeouts",
    "web_acl_arn", "xff_header_processing_mode",
  ]
}

given "mapped" {
  arguments = ["subnet_mapping"]
}

defaults "< 8.0" {
  create_security_group = false
  internal              = false
  any_type              = false
}

defaults ">= 9.0" {
  create_security_group = true
  internal              = null
  any_type              = true
}

defaults "< 9.0" {
  subnets = null
}

defaults {
  create              = true
  create_lb           = true
  name                = null
  load_balancer_type  = "application"
  security_groups     = []
  tags                = {}
  security_group_name = null
  http_tcp_listeners  = []
  https_listeners     = []
  listeners           = {}
  vpc_id              = null
  mapped              = false
  default_port        = 80
  default_protocol    = "HTTP"
}

locals {
  create       = var.create && var.create_lb
  create_group = local.create && var.create_security_group && (var.load_balancer_type == "application" || var.any_type)
}

resource "aws_lb" "this" {
  count = local.create ? 1 : 0

  name               = var.name
  load_balancer_type = var.load_balancer_type
  internal           = var.internal
  subnets            = var.mapped ? var.anything : var.subnets
  security_groups    = local.create_group ? concat(aws_security_group.this[*].id, var.security_groups) : var.security_groups
  tags               = var.anything
}

resource "aws_lb_listener" "frontend_http_tcp" {
  count = local.create ? length(var.http_tcp_listeners) : 0

  load_balancer_arn = aws_lb.this[0].arn
  port              = var.http_tcp_listeners[count.index].port
  protocol          = var.http_tcp_listeners[count.index].protocol
}

resource "aws_lb_listener" "frontend_https" {
  count = local.create ? length(var.https_listeners) : 0

  load_balancer_arn = aws_lb.this[0].arn
  port              = var.https_listeners[count.index].port
  protocol          = try(var.https_listeners[count.index].protocol, "HTTPS")
}

resource "aws_lb_listener" "this" {
  for_each = local.create ? var.listeners : {}

  load_balancer_arn = aws_lb.this[0].arn
  port              = try(coalesce(each.value.port, var.default_port), var.anything)
  protocol          = try(coalesce(each.value.protocol, var.default_protocol), var.anything)
}

resource "aws_security_group" "this" {
  count = local.create_group ? 1 : 0

  name   = var.anything
  vpc_id = var.vpc_id
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

resource "aws_security_group_rule" "this" {
  for_each = local.create_group ? var.security_group_rules : {}

  security_group_id        = aws_security_group.this[0].id
  type                     = var.anything
  protocol                 = var.anything
  from_port                = var.anything
  to_port                  = var.anything
  cidr_blocks              = var.anything
  source_security_group_id = var.anything
}

outputs {
  id                = try(aws_lb.this[0].id, var.anything)
  arn               = try(aws_lb.this[0].arn, var.anything)
  lb_id             = try(aws_lb.this[0].id, var.anything)
  lb_arn            = try(aws_lb.this[0].arn, var.anything)
  security_group_id = try(aws_security_group.this[0].id, var.anything)
}
