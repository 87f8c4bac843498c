# A security group and its rules: https://registry.terraform.io/modules/terraform-aws-modules/security-group/aws
#
# The rules that are named here are what their names say; any other name stands for a rule of unknown traffic.

stand_in {
  versions = ">= 3.0, < 6.0"

  unset = ["name", "vpc_id"]

  ignored = [
    "auto_groups", "create_timeout", "delete_timeout", "description", "putin_khuylo",
    "revoke_rules_on_delete",
  ]
}

defaults {
  create            = true
  create_sg         = true
  security_group_id = null
  use_name_prefix   = true
  tags              = {}
  rules = {
    "all-all"                = [-1, -1, "-1"]
    "all-tcp"                = [0, 65535, "tcp"]
    "all-udp"                = [0, 65535, "udp"]
    "all-icmp"               = [-1, -1, "icmp"]
    "ssh-tcp"                = [22, 22, "tcp"]
    "http-80-tcp"            = [80, 80, "tcp"]
    "http-8080-tcp"          = [8080, 8080, "tcp"]
    "https-443-tcp"          = [443, 443, "tcp"]
    "https-8443-tcp"         = [8443, 8443, "tcp"]
    "postgresql-tcp"         = [5432, 5432, "tcp"]
    "mysql-tcp"              = [3306, 3306, "tcp"]
    "mssql-tcp"              = [1433, 1433, "tcp"]
    "redis-tcp"              = [6379, 6379, "tcp"]
    "memcached-tcp"          = [11211, 11211, "tcp"]
    "mongodb-27017-tcp"      = [27017, 27017, "tcp"]
    "nfs-tcp"                = [2049, 2049, "tcp"]
    "dns-tcp"                = [53, 53, "tcp"]
    "dns-udp"                = [53, 53, "udp"]
    "ntp-udp"                = [123, 123, "udp"]
    "rdp-tcp"                = [3389, 3389, "tcp"]
    "elasticsearch-rest-tcp" = [9200, 9200, "tcp"]
    "redshift-tcp"           = [5439, 5439, "tcp"]
  }
  ingress_rules                                            = []
  ingress_cidr_blocks                                      = []
  ingress_ipv6_cidr_blocks                                 = []
  ingress_prefix_list_ids                                  = []
  ingress_with_self                                        = []
  ingress_with_cidr_blocks                                 = []
  ingress_with_ipv6_cidr_blocks                            = []
  ingress_with_source_security_group_id                    = []
  ingress_with_prefix_list_ids                             = []
  computed_ingress_rules                                   = []
  number_of_computed_ingress_rules                         = 0
  computed_ingress_with_self                               = []
  number_of_computed_ingress_with_self                     = 0
  computed_ingress_with_cidr_blocks                        = []
  number_of_computed_ingress_with_cidr_blocks              = 0
  computed_ingress_with_ipv6_cidr_blocks                   = []
  number_of_computed_ingress_with_ipv6_cidr_blocks         = 0
  computed_ingress_with_source_security_group_id           = []
  number_of_computed_ingress_with_source_security_group_id = 0
  computed_ingress_with_prefix_list_ids                    = []
  number_of_computed_ingress_with_prefix_list_ids          = 0
  egress_rules                                             = []
  egress_cidr_blocks                                       = ["0.0.0.0/0"]
  egress_ipv6_cidr_blocks                                  = ["::/0"]
  egress_prefix_list_ids                                   = []
  egress_with_self                                         = []
  egress_with_cidr_blocks                                  = []
  egress_with_ipv6_cidr_blocks                             = []
  egress_with_source_security_group_id                     = []
  egress_with_prefix_list_ids                              = []
  computed_egress_rules                                    = []
  number_of_computed_egress_rules                          = 0
  computed_egress_with_self                                = []
  number_of_computed_egress_with_self                      = 0
  computed_egress_with_cidr_blocks                         = []
  number_of_computed_egress_with_cidr_blocks               = 0
  computed_egress_with_ipv6_cidr_blocks                    = []
  number_of_computed_egress_with_ipv6_cidr_blocks          = 0
  computed_egress_with_source_security_group_id            = []
  number_of_computed_egress_with_source_security_group_id  = 0
  computed_egress_with_prefix_list_ids                     = []
  number_of_computed_egress_with_prefix_list_ids           = 0
}

locals {
  group = var.create_sg ? concat(aws_security_group.this[*].id, aws_security_group.this_name_prefix[*].id)[0] : var.security_group_id
}

resource "aws_security_group" "this" {
  count = var.create && var.create_sg && !var.use_name_prefix ? 1 : 0

  name   = var.name
  vpc_id = var.vpc_id
  tags   = merge({ Name = var.name }, var.tags)
}

resource "aws_security_group" "this_name_prefix" {
  count = var.create && var.create_sg && var.use_name_prefix ? 1 : 0

  name_prefix = "${var.name}-"
  vpc_id      = var.vpc_id
  tags        = merge({ Name = var.name }, var.tags)
}

# Whether a rule of ranges has the prefix lists, too, is not the same in all versions.
resource "aws_security_group_rule" "ingress_rules" {
  count = var.create ? length(var.ingress_rules) : 0

  security_group_id = local.group
  type              = "ingress"
  cidr_blocks       = var.ingress_cidr_blocks
  ipv6_cidr_blocks  = var.ingress_ipv6_cidr_blocks
  prefix_list_ids   = var.ingress_prefix_list_ids
  from_port         = try(var.rules[var.ingress_rules[count.index]][0], var.anything)
  to_port           = try(var.rules[var.ingress_rules[count.index]][1], var.anything)
  protocol          = try(var.rules[var.ingress_rules[count.index]][2], var.anything)
}

resource "aws_security_group_rule" "ingress_with_self" {
  count = var.create ? length(var.ingress_with_self) : 0

  security_group_id = local.group
  type              = "ingress"
  self              = try(var.ingress_with_self[count.index].self, true)
  prefix_list_ids   = var.ingress_prefix_list_ids
  from_port         = try(var.ingress_with_self[count.index].from_port, var.rules[var.ingress_with_self[count.index].rule][0], var.anything)
  to_port           = try(var.ingress_with_self[count.index].to_port, var.rules[var.ingress_with_self[count.index].rule][1], var.anything)
  protocol          = try(var.ingress_with_self[count.index].protocol, var.rules[var.ingress_with_self[count.index].rule][2], var.anything)
}

resource "aws_security_group_rule" "ingress_with_cidr_blocks" {
  count = var.create ? length(var.ingress_with_cidr_blocks) : 0

  security_group_id = local.group
  type              = "ingress"
  cidr_blocks       = compact(split(",", try(var.ingress_with_cidr_blocks[count.index].cidr_blocks, join(",", var.ingress_cidr_blocks))))
  prefix_list_ids   = length(var.ingress_prefix_list_ids) > 0 ? var.anything : null
  from_port         = try(var.ingress_with_cidr_blocks[count.index].from_port, var.rules[var.ingress_with_cidr_blocks[count.index].rule][0], var.anything)
  to_port           = try(var.ingress_with_cidr_blocks[count.index].to_port, var.rules[var.ingress_with_cidr_blocks[count.index].rule][1], var.anything)
  protocol          = try(var.ingress_with_cidr_blocks[count.index].protocol, var.rules[var.ingress_with_cidr_blocks[count.index].rule][2], var.anything)
}

resource "aws_security_group_rule" "ingress_with_ipv6_cidr_blocks" {
  count = var.create ? length(var.ingress_with_ipv6_cidr_blocks) : 0

  security_group_id = local.group
  type              = "ingress"
  ipv6_cidr_blocks  = compact(split(",", try(var.ingress_with_ipv6_cidr_blocks[count.index].ipv6_cidr_blocks, join(",", var.ingress_ipv6_cidr_blocks))))
  prefix_list_ids   = var.ingress_prefix_list_ids
  from_port         = try(var.ingress_with_ipv6_cidr_blocks[count.index].from_port, var.rules[var.ingress_with_ipv6_cidr_blocks[count.index].rule][0], var.anything)
  to_port           = try(var.ingress_with_ipv6_cidr_blocks[count.index].to_port, var.rules[var.ingress_with_ipv6_cidr_blocks[count.index].rule][1], var.anything)
  protocol          = try(var.ingress_with_ipv6_cidr_blocks[count.index].protocol, var.rules[var.ingress_with_ipv6_cidr_blocks[count.index].rule][2], var.anything)
}

resource "aws_security_group_rule" "ingress_with_source_security_group_id" {
  count = var.create ? length(var.ingress_with_source_security_group_id) : 0

  security_group_id        = local.group
  type                     = "ingress"
  source_security_group_id = var.ingress_with_source_security_group_id[count.index].source_security_group_id
  prefix_list_ids          = var.ingress_prefix_list_ids
  from_port                = try(var.ingress_with_source_security_group_id[count.index].from_port, var.rules[var.ingress_with_source_security_group_id[count.index].rule][0], var.anything)
  to_port                  = try(var.ingress_with_source_security_group_id[count.index].to_port, var.rules[var.ingress_with_source_security_group_id[count.index].rule][1], var.anything)
  protocol                 = try(var.ingress_with_source_security_group_id[count.index].protocol, var.rules[var.ingress_with_source_security_group_id[count.index].rule][2], var.anything)
}

resource "aws_security_group_rule" "ingress_with_prefix_list_ids" {
  count = var.create ? length(var.ingress_with_prefix_list_ids) : 0

  security_group_id = local.group
  type              = "ingress"
  prefix_list_ids   = try(compact(split(",", var.ingress_with_prefix_list_ids[count.index].prefix_list_ids)), var.ingress_prefix_list_ids)
  from_port         = try(var.ingress_with_prefix_list_ids[count.index].from_port, var.rules[var.ingress_with_prefix_list_ids[count.index].rule][0], var.anything)
  to_port           = try(var.ingress_with_prefix_list_ids[count.index].to_port, var.rules[var.ingress_with_prefix_list_ids[count.index].rule][1], var.anything)
  protocol          = try(var.ingress_with_prefix_list_ids[count.index].protocol, var.rules[var.ingress_with_prefix_list_ids[count.index].rule][2], var.anything)
}

resource "aws_security_group_rule" "computed_ingress_rules" {
  count = var.create ? var.number_of_computed_ingress_rules : 0

  security_group_id = local.group
  type              = "ingress"
  cidr_blocks       = var.ingress_cidr_blocks
  ipv6_cidr_blocks  = var.ingress_ipv6_cidr_blocks
  prefix_list_ids   = var.ingress_prefix_list_ids
  from_port         = try(var.rules[var.computed_ingress_rules[count.index]][0], var.anything)
  to_port           = try(var.rules[var.computed_ingress_rules[count.index]][1], var.anything)
  protocol          = try(var.rules[var.computed_ingress_rules[count.index]][2], var.anything)
}

resource "aws_security_group_rule" "computed_ingress_with_self" {
  count = var.create ? var.number_of_computed_ingress_with_self : 0

  security_group_id = local.group
  type              = "ingress"
  self              = try(var.computed_ingress_with_self[count.index].self, true)
  prefix_list_ids   = var.ingress_prefix_list_ids
  from_port         = try(var.computed_ingress_with_self[count.index].from_port, var.rules[var.computed_ingress_with_self[count.index].rule][0], var.anything)
  to_port           = try(var.computed_ingress_with_self[count.index].to_port, var.rules[var.computed_ingress_with_self[count.index].rule][1], var.anything)
  protocol          = try(var.computed_ingress_with_self[count.index].protocol, var.rules[var.computed_ingress_with_self[count.index].rule][2], var.anything)
}

resource "aws_security_group_rule" "computed_ingress_with_cidr_blocks" {
  count = var.create ? var.number_of_computed_ingress_with_cidr_blocks : 0

  security_group_id = local.group
  type              = "ingress"
  cidr_blocks       = compact(split(",", try(var.computed_ingress_with_cidr_blocks[count.index].cidr_blocks, join(",", var.ingress_cidr_blocks))))
  prefix_list_ids   = length(var.ingress_prefix_list_ids) > 0 ? var.anything : null
  from_port         = try(var.computed_ingress_with_cidr_blocks[count.index].from_port, var.rules[var.computed_ingress_with_cidr_blocks[count.index].rule][0], var.anything)
  to_port           = try(var.computed_ingress_with_cidr_blocks[count.index].to_port, var.rules[var.computed_ingress_with_cidr_blocks[count.index].rule][1], var.anything)
  protocol          = try(var.computed_ingress_with_cidr_blocks[count.index].protocol, var.rules[var.computed_ingress_with_cidr_blocks[count.index].rule][2], var.anything)
}

resource "aws_security_group_rule" "computed_ingress_with_ipv6_cidr_blocks" {
  count = var.create ? var.number_of_computed_ingress_with_ipv6_cidr_blocks : 0

  security_group_id = local.group
  type              = "ingress"
  ipv6_cidr_blocks  = compact(split(",", try(var.computed_ingress_with_ipv6_cidr_blocks[count.index].ipv6_cidr_blocks, join(",", var.ingress_ipv6_cidr_blocks))))
  prefix_list_ids   = var.ingress_prefix_list_ids
  from_port         = try(var.computed_ingress_with_ipv6_cidr_blocks[count.index].from_port, var.rules[var.computed_ingress_with_ipv6_cidr_blocks[count.index].rule][0], var.anything)
  to_port           = try(var.computed_ingress_with_ipv6_cidr_blocks[count.index].to_port, var.rules[var.computed_ingress_with_ipv6_cidr_blocks[count.index].rule][1], var.anything)
  protocol          = try(var.computed_ingress_with_ipv6_cidr_blocks[count.index].protocol, var.rules[var.computed_ingress_with_ipv6_cidr_blocks[count.index].rule][2], var.anything)
}

resource "aws_security_group_rule" "computed_ingress_with_source_security_group_id" {
  count = var.create ? var.number_of_computed_ingress_with_source_security_group_id : 0

  security_group_id        = local.group
  type                     = "ingress"
  source_security_group_id = var.computed_ingress_with_source_security_group_id[count.index].source_security_group_id
  prefix_list_ids          = var.ingress_prefix_list_ids
  from_port                = try(var.computed_ingress_with_source_security_group_id[count.index].from_port, var.rules[var.computed_ingress_with_source_security_group_id[count.index].rule][0], var.anything)
  to_port                  = try(var.computed_ingress_with_source_security_group_id[count.index].to_port, var.rules[var.computed_ingress_with_source_security_group_id[count.index].rule][1], var.anything)
  protocol                 = try(var.computed_ingress_with_source_security_group_id[count.index].protocol, var.rules[var.computed_ingress_with_source_security_group_id[count.index].rule][2], var.anything)
}

resource "aws_security_group_rule" "computed_ingress_with_prefix_list_ids" {
  count = var.create ? var.number_of_computed_ingress_with_prefix_list_ids : 0

  security_group_id = local.group
  type              = "ingress"
  prefix_list_ids   = try(compact(split(",", var.computed_ingress_with_prefix_list_ids[count.index].prefix_list_ids)), var.ingress_prefix_list_ids)
  from_port         = try(var.computed_ingress_with_prefix_list_ids[count.index].from_port, var.rules[var.computed_ingress_with_prefix_list_ids[count.index].rule][0], var.anything)
  to_port           = try(var.computed_ingress_with_prefix_list_ids[count.index].to_port, var.rules[var.computed_ingress_with_prefix_list_ids[count.index].rule][1], var.anything)
  protocol          = try(var.computed_ingress_with_prefix_list_ids[count.index].protocol, var.rules[var.computed_ingress_with_prefix_list_ids[count.index].rule][2], var.anything)
}

resource "aws_security_group_rule" "egress_rules" {
  count = var.create ? length(var.egress_rules) : 0

  security_group_id = local.group
  type              = "egress"
  cidr_blocks       = var.egress_cidr_blocks
  ipv6_cidr_blocks  = var.egress_ipv6_cidr_blocks
  prefix_list_ids   = var.egress_prefix_list_ids
  from_port         = try(var.rules[var.egress_rules[count.index]][0], var.anything)
  to_port           = try(var.rules[var.egress_rules[count.index]][1], var.anything)
  protocol          = try(var.rules[var.egress_rules[count.index]][2], var.anything)
}

resource "aws_security_group_rule" "egress_with_self" {
  count = var.create ? length(var.egress_with_self) : 0

  security_group_id = local.group
  type              = "egress"
  self              = try(var.egress_with_self[count.index].self, true)
  prefix_list_ids   = var.egress_prefix_list_ids
  from_port         = try(var.egress_with_self[count.index].from_port, var.rules[var.egress_with_self[count.index].rule][0], var.anything)
  to_port           = try(var.egress_with_self[count.index].to_port, var.rules[var.egress_with_self[count.index].rule][1], var.anything)
  protocol          = try(var.egress_with_self[count.index].protocol, var.rules[var.egress_with_self[count.index].rule][2], var.anything)
}

resource "aws_security_group_rule" "egress_with_cidr_blocks" {
  count = var.create ? length(var.egress_with_cidr_blocks) : 0

  security_group_id = local.group
  type              = "egress"
  cidr_blocks       = compact(split(",", try(var.egress_with_cidr_blocks[count.index].cidr_blocks, join(",", var.egress_cidr_blocks))))
  prefix_list_ids   = length(var.egress_prefix_list_ids) > 0 ? var.anything : null
  from_port         = try(var.egress_with_cidr_blocks[count.index].from_port, var.rules[var.egress_with_cidr_blocks[count.index].rule][0], var.anything)
  to_port           = try(var.egress_with_cidr_blocks[count.index].to_port, var.rules[var.egress_with_cidr_blocks[count.index].rule][1], var.anything)
  protocol          = try(var.egress_with_cidr_blocks[count.index].protocol, var.rules[var.egress_with_cidr_blocks[count.index].rule][2], var.anything)
}

resource "aws_security_group_rule" "egress_with_ipv6_cidr_blocks" {
  count = var.create ? length(var.egress_with_ipv6_cidr_blocks) : 0

  security_group_id = local.group
  type              = "egress"
  ipv6_cidr_blocks  = compact(split(",", try(var.egress_with_ipv6_cidr_blocks[count.index].ipv6_cidr_blocks, join(",", var.egress_ipv6_cidr_blocks))))
  prefix_list_ids   = var.egress_prefix_list_ids
  from_port         = try(var.egress_with_ipv6_cidr_blocks[count.index].from_port, var.rules[var.egress_with_ipv6_cidr_blocks[count.index].rule][0], var.anything)
  to_port           = try(var.egress_with_ipv6_cidr_blocks[count.index].to_port, var.rules[var.egress_with_ipv6_cidr_blocks[count.index].rule][1], var.anything)
  protocol          = try(var.egress_with_ipv6_cidr_blocks[count.index].protocol, var.rules[var.egress_with_ipv6_cidr_blocks[count.index].rule][2], var.anything)
}

resource "aws_security_group_rule" "egress_with_source_security_group_id" {
  count = var.create ? length(var.egress_with_source_security_group_id) : 0

  security_group_id        = local.group
  type                     = "egress"
  source_security_group_id = var.egress_with_source_security_group_id[count.index].source_security_group_id
  prefix_list_ids          = var.egress_prefix_list_ids
  from_port                = try(var.egress_with_source_security_group_id[count.index].from_port, var.rules[var.egress_with_source_security_group_id[count.index].rule][0], var.anything)
  to_port                  = try(var.egress_with_source_security_group_id[count.index].to_port, var.rules[var.egress_with_source_security_group_id[count.index].rule][1], var.anything)
  protocol                 = try(var.egress_with_source_security_group_id[count.index].protocol, var.rules[var.egress_with_source_security_group_id[count.index].rule][2], var.anything)
}

resource "aws_security_group_rule" "egress_with_prefix_list_ids" {
  count = var.create ? length(var.egress_with_prefix_list_ids) : 0

  security_group_id = local.group
  type              = "egress"
  prefix_list_ids   = try(compact(split(",", var.egress_with_prefix_list_ids[count.index].prefix_list_ids)), var.egress_prefix_list_ids)
  from_port         = try(var.egress_with_prefix_list_ids[count.index].from_port, var.rules[var.egress_with_prefix_list_ids[count.index].rule][0], var.anything)
  to_port           = try(var.egress_with_prefix_list_ids[count.index].to_port, var.rules[var.egress_with_prefix_list_ids[count.index].rule][1], var.anything)
  protocol          = try(var.egress_with_prefix_list_ids[count.index].protocol, var.rules[var.egress_with_prefix_list_ids[count.index].rule][2], var.anything)
}

resource "aws_security_group_rule" "computed_egress_rules" {
  count = var.create ? var.number_of_computed_egress_rules : 0

  security_group_id = local.group
  type              = "egress"
  cidr_blocks       = var.egress_cidr_blocks
  ipv6_cidr_blocks  = var.egress_ipv6_cidr_blocks
  prefix_list_ids   = var.egress_prefix_list_ids
  from_port         = try(var.rules[var.computed_egress_rules[count.index]][0], var.anything)
  to_port           = try(var.rules[var.computed_egress_rules[count.index]][1], var.anything)
  protocol          = try(var.rules[var.computed_egress_rules[count.index]][2], var.anything)
}

resource "aws_security_group_rule" "computed_egress_with_self" {
  count = var.create ? var.number_of_computed_egress_with_self : 0

  security_group_id = local.group
  type              = "egress"
  self              = try(var.computed_egress_with_self[count.index].self, true)
  prefix_list_ids   = var.egress_prefix_list_ids
  from_port         = try(var.computed_egress_with_self[count.index].from_port, var.rules[var.computed_egress_with_self[count.index].rule][0], var.anything)
  to_port           = try(var.computed_egress_with_self[count.index].to_port, var.rules[var.computed_egress_with_self[count.index].rule][1], var.anything)
  protocol          = try(var.computed_egress_with_self[count.index].protocol, var.rules[var.computed_egress_with_self[count.index].rule][2], var.anything)
}

resource "aws_security_group_rule" "computed_egress_with_cidr_blocks" {
  count = var.create ? var.number_of_computed_egress_with_cidr_blocks : 0

  security_group_id = local.group
  type              = "egress"
  cidr_blocks       = compact(split(",", try(var.computed_egress_with_cidr_blocks[count.index].cidr_blocks, join(",", var.egress_cidr_blocks))))
  prefix_list_ids   = length(var.egress_prefix_list_ids) > 0 ? var.anything : null
  from_port         = try(var.computed_egress_with_cidr_blocks[count.index].from_port, var.rules[var.computed_egress_with_cidr_blocks[count.index].rule][0], var.anything)
  to_port           = try(var.computed_egress_with_cidr_blocks[count.index].to_port, var.rules[var.computed_egress_with_cidr_blocks[count.index].rule][1], var.anything)
  protocol          = try(var.computed_egress_with_cidr_blocks[count.index].protocol, var.rules[var.computed_egress_with_cidr_blocks[count.index].rule][2], var.anything)
}

resource "aws_security_group_rule" "computed_egress_with_ipv6_cidr_blocks" {
  count = var.create ? var.number_of_computed_egress_with_ipv6_cidr_blocks : 0

  security_group_id = local.group
  type              = "egress"
  ipv6_cidr_blocks  = compact(split(",", try(var.computed_egress_with_ipv6_cidr_blocks[count.index].ipv6_cidr_blocks, join(",", var.egress_ipv6_cidr_blocks))))
  prefix_list_ids   = var.egress_prefix_list_ids
  from_port         = try(var.computed_egress_with_ipv6_cidr_blocks[count.index].from_port, var.rules[var.computed_egress_with_ipv6_cidr_blocks[count.index].rule][0], var.anything)
  to_port           = try(var.computed_egress_with_ipv6_cidr_blocks[count.index].to_port, var.rules[var.computed_egress_with_ipv6_cidr_blocks[count.index].rule][1], var.anything)
  protocol          = try(var.computed_egress_with_ipv6_cidr_blocks[count.index].protocol, var.rules[var.computed_egress_with_ipv6_cidr_blocks[count.index].rule][2], var.anything)
}

resource "aws_security_group_rule" "computed_egress_with_source_security_group_id" {
  count = var.create ? var.number_of_computed_egress_with_source_security_group_id : 0

  security_group_id        = local.group
  type                     = "egress"
  source_security_group_id = var.computed_egress_with_source_security_group_id[count.index].source_security_group_id
  prefix_list_ids          = var.egress_prefix_list_ids
  from_port                = try(var.computed_egress_with_source_security_group_id[count.index].from_port, var.rules[var.computed_egress_with_source_security_group_id[count.index].rule][0], var.anything)
  to_port                  = try(var.computed_egress_with_source_security_group_id[count.index].to_port, var.rules[var.computed_egress_with_source_security_group_id[count.index].rule][1], var.anything)
  protocol                 = try(var.computed_egress_with_source_security_group_id[count.index].protocol, var.rules[var.computed_egress_with_source_security_group_id[count.index].rule][2], var.anything)
}

resource "aws_security_group_rule" "computed_egress_with_prefix_list_ids" {
  count = var.create ? var.number_of_computed_egress_with_prefix_list_ids : 0

  security_group_id = local.group
  type              = "egress"
  prefix_list_ids   = try(compact(split(",", var.computed_egress_with_prefix_list_ids[count.index].prefix_list_ids)), var.egress_prefix_list_ids)
  from_port         = try(var.computed_egress_with_prefix_list_ids[count.index].from_port, var.rules[var.computed_egress_with_prefix_list_ids[count.index].rule][0], var.anything)
  to_port           = try(var.computed_egress_with_prefix_list_ids[count.index].to_port, var.rules[var.computed_egress_with_prefix_list_ids[count.index].rule][1], var.anything)
  protocol          = try(var.computed_egress_with_prefix_list_ids[count.index].protocol, var.rules[var.computed_egress_with_prefix_list_ids[count.index].rule][2], var.anything)
}

outputs {
  security_group_id      = local.group
  this_security_group_id = local.group
  security_group_vpc_id  = var.create_sg ? var.vpc_id : var.anything
  security_group_name    = try(aws_security_group.this[0].name, var.anything)
}
