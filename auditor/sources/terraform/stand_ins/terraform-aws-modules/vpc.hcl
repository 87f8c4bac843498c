# A VPC and its subnets in tiers: https://registry.terraform.io/modules/terraform-aws-modules/vpc/aws
#
# What the versions differ on is var.anything: how many tables and routes there are in rare combinations,
# IPv6 in the whole, the tables of tiers that have their own and NAT at once, and endpoints but the gateways.

stand_in {
  versions = ">= 2.0, < 7.0"

  unset = ["cidr", "manage_default_network_acl", "manage_default_route_table"]

  ignored = [
    "*_acl_tags", "*_endpoint_*", "*_group_tags", "*_gateway_tags", "*_on_creation", "*_route_table_tags",
    "amazon_side_asn", "create_flow_log_*", "customer_gateways", "customer_owned_ipv4_pool",
    "default_*_name", "default_*_tags", "default_vpc_enable_*", "dhcp_options_*", "enable_classiclink*",
    "enable_dhcp_options", "enable_*_endpoint", "enable_network_address_usage_metrics",
    "external_nat_ips", "flow_log_*", "*_enable_*_on_launch", "*_hostname_type_on_launch", "igw_tags",
    "instance_tenancy", "ipv6_*", "map_customer_owned_ip_on_launch", "nat_eip_tags", "outpost_arn",
    "putin_khuylo", "vpc_endpoint_tags", "vpc_flow_log_*", "vpn_gateway_az",
    "*_enable_dns64",
  ]
}

given "own_ipv6" {
  arguments = ["ipv6_*"]
}

given "endpoints" {
  arguments = ["enable_[!sdp]*_endpoint", "enable_s[!3]*_endpoint", "enable_d[!y]*_endpoint"]
}

given "excluded" {
  arguments = ["vpc_block_public_access_exclusions"]
}

defaults "< 4.0" {
  enable_dns_hostnames          = false
  map_public_ip_on_launch       = true
  manage_default_security_group = false
}

defaults "< 2.56.0" {
  fewest_gateways = false
}

defaults "= 2.56.0" {
  fewest_gateways = true
}

defaults "> 2.56.0" {
  fewest_gateways = false
}

defaults "< 2.13" {
  all_acl_fields = false
}

defaults ">= 2.17" {
  all_acl_fields = true
}

defaults ">= 4.0" {
  cidr                          = "10.0.0.0/16"
  enable_dns_hostnames          = true
  map_public_ip_on_launch       = false
  manage_default_security_group = true
}

defaults {
  create_vpc                             = true
  enable_dns_support                     = true
  name                                   = ""
  tags                                   = {}
  vpc_tags                               = {}
  azs                                    = []
  secondary_cidr_blocks                  = []
  use_ipam_pool                          = false
  ipv4_ipam_pool_id                      = null
  ipv4_netmask_length                    = null
  enable_ipv6                            = false
  assign_generated_ipv6_cidr_block       = false
  public_subnets                         = []
  public_subnet_names                    = []
  public_subnet_suffix                   = "public"
  public_subnet_tags                     = {}
  public_subnet_ipv6_prefixes            = []
  public_subnet_ipv6_native              = false
  public_dedicated_network_acl           = false
  public_inbound_acl_rules               = [{ rule_number = 100, rule_action = "allow", protocol = "-1", from_port = 0, to_port = 0, cidr_block = "0.0.0.0/0" }]
  public_outbound_acl_rules              = [{ rule_number = 100, rule_action = "allow", protocol = "-1", from_port = 0, to_port = 0, cidr_block = "0.0.0.0/0" }]
  private_subnets                        = []
  private_subnet_names                   = []
  private_subnet_suffix                  = "private"
  private_subnet_tags                    = {}
  private_subnet_ipv6_prefixes           = []
  private_subnet_ipv6_native             = false
  private_dedicated_network_acl          = false
  private_inbound_acl_rules              = [{ rule_number = 100, rule_action = "allow", protocol = "-1", from_port = 0, to_port = 0, cidr_block = "0.0.0.0/0" }]
  private_outbound_acl_rules             = [{ rule_number = 100, rule_action = "allow", protocol = "-1", from_port = 0, to_port = 0, cidr_block = "0.0.0.0/0" }]
  database_subnets                       = []
  database_subnet_names                  = []
  database_subnet_suffix                 = "db"
  database_subnet_tags                   = {}
  database_subnet_ipv6_prefixes          = []
  database_subnet_ipv6_native            = false
  database_dedicated_network_acl         = false
  database_inbound_acl_rules             = [{ rule_number = 100, rule_action = "allow", protocol = "-1", from_port = 0, to_port = 0, cidr_block = "0.0.0.0/0" }]
  database_outbound_acl_rules            = [{ rule_number = 100, rule_action = "allow", protocol = "-1", from_port = 0, to_port = 0, cidr_block = "0.0.0.0/0" }]
  redshift_subnets                       = []
  redshift_subnet_names                  = []
  redshift_subnet_suffix                 = "redshift"
  redshift_subnet_tags                   = {}
  redshift_subnet_ipv6_prefixes          = []
  redshift_subnet_ipv6_native            = false
  redshift_dedicated_network_acl         = false
  redshift_inbound_acl_rules             = [{ rule_number = 100, rule_action = "allow", protocol = "-1", from_port = 0, to_port = 0, cidr_block = "0.0.0.0/0" }]
  redshift_outbound_acl_rules            = [{ rule_number = 100, rule_action = "allow", protocol = "-1", from_port = 0, to_port = 0, cidr_block = "0.0.0.0/0" }]
  elasticache_subnets                    = []
  elasticache_subnet_names               = []
  elasticache_subnet_suffix              = "elasticache"
  elasticache_subnet_tags                = {}
  elasticache_subnet_ipv6_prefixes       = []
  elasticache_subnet_ipv6_native         = false
  elasticache_dedicated_network_acl      = false
  elasticache_inbound_acl_rules          = [{ rule_number = 100, rule_action = "allow", protocol = "-1", from_port = 0, to_port = 0, cidr_block = "0.0.0.0/0" }]
  elasticache_outbound_acl_rules         = [{ rule_number = 100, rule_action = "allow", protocol = "-1", from_port = 0, to_port = 0, cidr_block = "0.0.0.0/0" }]
  intra_subnets                          = []
  intra_subnet_names                     = []
  intra_subnet_suffix                    = "intra"
  intra_subnet_tags                      = {}
  intra_subnet_ipv6_prefixes             = []
  intra_subnet_ipv6_native               = false
  intra_dedicated_network_acl            = false
  intra_inbound_acl_rules                = [{ rule_number = 100, rule_action = "allow", protocol = "-1", from_port = 0, to_port = 0, cidr_block = "0.0.0.0/0" }]
  intra_outbound_acl_rules               = [{ rule_number = 100, rule_action = "allow", protocol = "-1", from_port = 0, to_port = 0, cidr_block = "0.0.0.0/0" }]
  outpost_subnets                        = []
  outpost_subnet_names                   = []
  outpost_subnet_suffix                  = "outpost"
  outpost_subnet_tags                    = {}
  outpost_subnet_ipv6_prefixes           = []
  outpost_subnet_ipv6_native             = false
  outpost_dedicated_network_acl          = false
  outpost_inbound_acl_rules              = [{ rule_number = 100, rule_action = "allow", protocol = "-1", from_port = 0, to_port = 0, cidr_block = "0.0.0.0/0" }]
  outpost_outbound_acl_rules             = [{ rule_number = 100, rule_action = "allow", protocol = "-1", from_port = 0, to_port = 0, cidr_block = "0.0.0.0/0" }]
  public_subnet_tags_per_az              = {}
  private_subnet_tags_per_az             = {}
  outpost_az                             = null
  create_igw                             = true
  create_egress_only_igw                 = true
  create_multiple_public_route_tables    = false
  create_multiple_intra_route_tables     = false
  enable_flow_log                        = false
  enable_nat_gateway                     = false
  single_nat_gateway                     = false
  one_nat_gateway_per_az                 = false
  reuse_nat_ips                          = false
  external_nat_ip_ids                    = []
  create_private_nat_gateway_route       = true
  nat_gateway_destination_cidr_block     = "0.0.0.0/0"
  create_database_subnet_route_table     = false
  create_redshift_subnet_route_table     = false
  create_elasticache_subnet_route_table  = false
  create_database_internet_gateway_route = false
  create_database_nat_gateway_route      = false
  enable_public_redshift                 = false
  database_subnet_group_name             = null
  redshift_subnet_group_name             = null
  elasticache_subnet_group_name          = null
  enable_vpn_gateway                     = false
  vpn_gateway_id                         = ""
  propagate_private_route_tables_vgw     = false
  propagate_public_route_tables_vgw      = false
  propagate_intra_route_tables_vgw       = false
  manage_default_vpc                     = false
  default_security_group_ingress         = []
  default_security_group_egress          = []
  default_network_acl_ingress            = []
  default_network_acl_egress             = []
  default_route_table_routes             = []
  default_route_table_propagating_vgws   = []
  enable_s3_endpoint                     = false
  s3_endpoint_type                       = "Gateway"
  enable_public_s3_endpoint              = true
  enable_dynamodb_endpoint               = false
  dynamodb_endpoint_type                 = "Gateway"
  endpoints                              = 0
  vpc_block_public_access_options        = {}
  excluded                               = 0
  own_ipv6                               = false
  vpc_block_public_access_exclusions     = {}
  create_database_subnet_group           = true
  create_redshift_subnet_group           = true
  create_elasticache_subnet_group        = true
}

locals {
  # A tier that has more IPv6 prefixes than IPv4 ranges has more subnets to some versions.
  public      = !var.create_vpc ? 0 : length(var.public_subnet_ipv6_prefixes) > length(var.public_subnets) ? var.anything : length(var.public_subnets)
  private     = !var.create_vpc ? 0 : length(var.private_subnet_ipv6_prefixes) > length(var.private_subnets) ? var.anything : length(var.private_subnets)
  database    = !var.create_vpc ? 0 : length(var.database_subnet_ipv6_prefixes) > length(var.database_subnets) ? var.anything : length(var.database_subnets)
  redshift    = !var.create_vpc ? 0 : length(var.redshift_subnet_ipv6_prefixes) > length(var.redshift_subnets) ? var.anything : length(var.redshift_subnets)
  elasticache = !var.create_vpc ? 0 : length(var.elasticache_subnet_ipv6_prefixes) > length(var.elasticache_subnets) ? var.anything : length(var.elasticache_subnets)
  intra       = !var.create_vpc ? 0 : length(var.intra_subnet_ipv6_prefixes) > length(var.intra_subnets) ? var.anything : length(var.intra_subnets)
  outpost     = !var.create_vpc ? 0 : length(var.outpost_subnet_ipv6_prefixes) > length(var.outpost_subnets) ? var.anything : length(var.outpost_subnets)

  # Public subnets are counted among the tiers, and tables made only where there are private subnets, from 4.0 on.
  tiers    = max(local.private, local.database, local.elasticache, local.redshift)
  gateways = var.single_nat_gateway ? 1 : var.one_nat_gateway_per_az ? length(var.azs) : local.public > local.tiers ? (var.anything ? local.public : local.tiers) : var.fewest_gateways ? local.public : local.tiers
  nats     = var.create_vpc && var.enable_nat_gateway ? local.gateways : 0
  tables   = local.private > 0 ? local.gateways : local.tiers > 0 ? (var.anything ? local.gateways : 0) : 0
  publics  = local.public == 0 ? 0 : var.create_multiple_public_route_tables ? local.public : 1
  vpn      = var.enable_vpn_gateway || var.vpn_gateway_id != ""
  ipv6     = var.enable_ipv6 || var.own_ipv6 ? var.anything : null
}

resource "aws_vpc" "this" {
  count = var.create_vpc ? 1 : 0

  cidr_block                       = var.use_ipam_pool ? var.anything : var.cidr
  assign_generated_ipv6_cidr_block = var.enable_ipv6 || var.assign_generated_ipv6_cidr_block ? var.anything : null
  ipv6_cidr_block                  = local.ipv6
  enable_dns_hostnames             = var.enable_dns_hostnames
  enable_dns_support               = var.enable_dns_support
  tags                             = merge({ Name = var.name }, var.tags, var.vpc_tags)
}

resource "aws_vpc_ipv4_cidr_block_association" "this" {
  count = var.create_vpc ? length(var.secondary_cidr_blocks) : 0

  vpc_id     = aws_vpc.this[0].id
  cidr_block = var.secondary_cidr_blocks[count.index]
}

resource "aws_subnet" "public" {
  count = var.one_nat_gateway_per_az && local.public < length(var.azs) ? 0 : local.public

  vpc_id                          = aws_vpc.this[0].id
  availability_zone               = length(regexall("^[a-z]{2}-", element(var.azs, count.index))) > 0 ? element(var.azs, count.index) : null
  availability_zone_id            = length(regexall("^[a-z]{2}-", element(var.azs, count.index))) > 0 ? null : element(var.azs, count.index)
  cidr_block                      = var.public_subnet_ipv6_native ? null : try(var.public_subnets[count.index], var.anything)
  ipv6_native                     = var.enable_ipv6 && var.public_subnet_ipv6_native ? true : null
  ipv6_cidr_block                 = local.ipv6
  assign_ipv6_address_on_creation = local.ipv6
  map_public_ip_on_launch         = var.map_public_ip_on_launch
  tags                            = merge({ Name = try(var.public_subnet_names[count.index], "${var.name}-${var.public_subnet_suffix}-${element(var.azs, count.index)}") }, var.tags, var.public_subnet_tags, lookup(var.public_subnet_tags_per_az, element(var.azs, count.index), {}))
}

resource "aws_subnet" "private" {
  count = local.private

  vpc_id                          = aws_vpc.this[0].id
  availability_zone               = length(regexall("^[a-z]{2}-", element(var.azs, count.index))) > 0 ? element(var.azs, count.index) : null
  availability_zone_id            = length(regexall("^[a-z]{2}-", element(var.azs, count.index))) > 0 ? null : element(var.azs, count.index)
  cidr_block                      = var.private_subnet_ipv6_native ? null : try(var.private_subnets[count.index], var.anything)
  ipv6_native                     = var.enable_ipv6 && var.private_subnet_ipv6_native ? true : null
  ipv6_cidr_block                 = local.ipv6
  assign_ipv6_address_on_creation = local.ipv6
  tags                            = merge({ Name = try(var.private_subnet_names[count.index], "${var.name}-${var.private_subnet_suffix}-${element(var.azs, count.index)}") }, var.tags, var.private_subnet_tags, lookup(var.private_subnet_tags_per_az, element(var.azs, count.index), {}))
}

resource "aws_subnet" "database" {
  count = local.database

  vpc_id                          = aws_vpc.this[0].id
  availability_zone               = length(regexall("^[a-z]{2}-", element(var.azs, count.index))) > 0 ? element(var.azs, count.index) : null
  availability_zone_id            = length(regexall("^[a-z]{2}-", element(var.azs, count.index))) > 0 ? null : element(var.azs, count.index)
  cidr_block                      = var.database_subnet_ipv6_native ? null : try(var.database_subnets[count.index], var.anything)
  ipv6_native                     = var.enable_ipv6 && var.database_subnet_ipv6_native ? true : null
  ipv6_cidr_block                 = local.ipv6
  assign_ipv6_address_on_creation = local.ipv6
  tags                            = merge({ Name = try(var.database_subnet_names[count.index], "${var.name}-${var.database_subnet_suffix}-${element(var.azs, count.index)}") }, var.tags, var.database_subnet_tags)
}

resource "aws_subnet" "redshift" {
  count = local.redshift

  vpc_id                          = aws_vpc.this[0].id
  availability_zone               = length(regexall("^[a-z]{2}-", element(var.azs, count.index))) > 0 ? element(var.azs, count.index) : null
  availability_zone_id            = length(regexall("^[a-z]{2}-", element(var.azs, count.index))) > 0 ? null : element(var.azs, count.index)
  cidr_block                      = var.redshift_subnet_ipv6_native ? null : try(var.redshift_subnets[count.index], var.anything)
  ipv6_native                     = var.enable_ipv6 && var.redshift_subnet_ipv6_native ? true : null
  ipv6_cidr_block                 = local.ipv6
  assign_ipv6_address_on_creation = local.ipv6
  tags                            = merge({ Name = try(var.redshift_subnet_names[count.index], "${var.name}-${var.redshift_subnet_suffix}-${element(var.azs, count.index)}") }, var.tags, var.redshift_subnet_tags)
}

resource "aws_subnet" "elasticache" {
  count = local.elasticache

  vpc_id                          = aws_vpc.this[0].id
  availability_zone               = length(regexall("^[a-z]{2}-", element(var.azs, count.index))) > 0 ? element(var.azs, count.index) : null
  availability_zone_id            = length(regexall("^[a-z]{2}-", element(var.azs, count.index))) > 0 ? null : element(var.azs, count.index)
  cidr_block                      = var.elasticache_subnet_ipv6_native ? null : try(var.elasticache_subnets[count.index], var.anything)
  ipv6_native                     = var.enable_ipv6 && var.elasticache_subnet_ipv6_native ? true : null
  ipv6_cidr_block                 = local.ipv6
  assign_ipv6_address_on_creation = local.ipv6
  tags                            = merge({ Name = try(var.elasticache_subnet_names[count.index], "${var.name}-${var.elasticache_subnet_suffix}-${element(var.azs, count.index)}") }, var.tags, var.elasticache_subnet_tags)
}

resource "aws_subnet" "intra" {
  count = local.intra

  vpc_id                          = aws_vpc.this[0].id
  availability_zone               = length(regexall("^[a-z]{2}-", element(var.azs, count.index))) > 0 ? element(var.azs, count.index) : null
  availability_zone_id            = length(regexall("^[a-z]{2}-", element(var.azs, count.index))) > 0 ? null : element(var.azs, count.index)
  cidr_block                      = var.intra_subnet_ipv6_native ? null : try(var.intra_subnets[count.index], var.anything)
  ipv6_native                     = var.enable_ipv6 && var.intra_subnet_ipv6_native ? true : null
  ipv6_cidr_block                 = local.ipv6
  assign_ipv6_address_on_creation = local.ipv6
  tags                            = merge({ Name = try(var.intra_subnet_names[count.index], "${var.name}-${var.intra_subnet_suffix}-${element(var.azs, count.index)}") }, var.tags, var.intra_subnet_tags)
}

resource "aws_subnet" "outpost" {
  count = local.outpost

  vpc_id                          = aws_vpc.this[0].id
  availability_zone               = var.outpost_az
  cidr_block                      = var.outpost_subnet_ipv6_native ? null : try(var.outpost_subnets[count.index], var.anything)
  ipv6_native                     = var.enable_ipv6 && var.outpost_subnet_ipv6_native ? true : null
  ipv6_cidr_block                 = local.ipv6
  assign_ipv6_address_on_creation = local.ipv6
  tags                            = merge({ Name = try(var.outpost_subnet_names[count.index], "${var.name}-${var.outpost_subnet_suffix}-${var.outpost_az}") }, var.tags, var.outpost_subnet_tags)
}

resource "aws_internet_gateway" "this" {
  count = var.create_igw && local.public > 0 ? 1 : 0

  vpc_id = aws_vpc.this[0].id
  tags   = merge({ Name = var.name }, var.tags)
}

resource "aws_egress_only_internet_gateway" "this" {
  count = var.create_vpc && var.create_egress_only_igw && var.enable_ipv6 ? (var.anything ? 1 : 0) : 0

  vpc_id = aws_vpc.this[0].id
}

resource "aws_route_table" "public" {
  count = local.publics

  vpc_id = aws_vpc.this[0].id
}

resource "aws_route_table_association" "public" {
  count = local.public

  subnet_id      = element(aws_subnet.public[*].id, count.index)
  route_table_id = element(aws_route_table.public[*].id, var.create_multiple_public_route_tables ? count.index : 0)
}

resource "aws_route" "public_internet_gateway" {
  count = var.create_igw ? local.publics : 0

  route_table_id         = aws_route_table.public[count.index].id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.this[0].id
}

resource "aws_route" "public_internet_gateway_ipv6" {
  count = var.create_igw && var.enable_ipv6 ? local.publics : 0

  route_table_id              = aws_route_table.public[count.index].id
  destination_ipv6_cidr_block = "::/0"
  gateway_id                  = aws_internet_gateway.this[0].id
}

resource "aws_eip" "nat" {
  count = var.reuse_nat_ips ? 0 : local.nats
}

resource "aws_nat_gateway" "this" {
  count = local.nats

  allocation_id = var.reuse_nat_ips ? element(var.external_nat_ip_ids, var.single_nat_gateway ? 0 : count.index) : aws_eip.nat[count.index].id
  subnet_id     = element(aws_subnet.public[*].id, var.single_nat_gateway ? 0 : count.index)
}

resource "aws_route_table" "private" {
  count = local.tables

  vpc_id = aws_vpc.this[0].id
}

resource "aws_route" "private_nat_gateway" {
  count = var.create_private_nat_gateway_route ? local.nats : 0

  route_table_id         = element(aws_route_table.private[*].id, count.index)
  destination_cidr_block = var.nat_gateway_destination_cidr_block
  nat_gateway_id         = aws_nat_gateway.this[count.index].id
}

resource "aws_route" "private_dns64_nat_gateway" {
  count = var.enable_ipv6 && local.nats > 0 ? (var.anything ? local.nats : 0) : 0

  route_table_id              = element(aws_route_table.private[*].id, count.index)
  destination_ipv6_cidr_block = "64:ff9b::/96"
  nat_gateway_id              = aws_nat_gateway.this[count.index].id
}

resource "aws_route" "private_ipv6_egress" {
  count = var.create_egress_only_igw && var.enable_ipv6 ? (var.anything ? local.tables : 0) : 0

  route_table_id              = element(aws_route_table.private[*].id, count.index)
  destination_ipv6_cidr_block = "::/0"
  egress_only_gateway_id      = aws_egress_only_internet_gateway.this[0].id
}

resource "aws_route_table_association" "private" {
  count = local.private

  subnet_id      = aws_subnet.private[count.index].id
  route_table_id = element(aws_route_table.private[*].id, var.single_nat_gateway ? 0 : count.index)
}

resource "aws_route_table_association" "outpost" {
  count = local.outpost

  subnet_id      = aws_subnet.outpost[count.index].id
  route_table_id = try(element(aws_route_table.private[*].id, var.single_nat_gateway ? 0 : count.index), var.anything)
}

resource "aws_route_table_association" "database" {
  count = local.database

  subnet_id      = aws_subnet.database[count.index].id
  route_table_id = var.create_database_subnet_route_table ? var.anything : try(element(aws_route_table.private[*].id, var.single_nat_gateway ? 0 : count.index), var.anything)
}

resource "aws_route_table" "redshift" {
  count = var.create_redshift_subnet_route_table && local.redshift > 0 ? 1 : 0

  vpc_id = aws_vpc.this[0].id
}

resource "aws_route_table_association" "redshift" {
  count = var.enable_public_redshift ? 0 : local.redshift

  subnet_id      = aws_subnet.redshift[count.index].id
  route_table_id = var.create_redshift_subnet_route_table ? aws_route_table.redshift[0].id : try(element(aws_route_table.private[*].id, var.single_nat_gateway ? 0 : count.index), var.anything)
}

resource "aws_route_table_association" "redshift_public" {
  count = var.enable_public_redshift ? local.redshift : 0

  subnet_id      = aws_subnet.redshift[count.index].id
  route_table_id = var.create_redshift_subnet_route_table ? aws_route_table.redshift[0].id : try(element(aws_route_table.public[*].id, var.single_nat_gateway ? 0 : count.index), var.anything)
}

resource "aws_route_table" "elasticache" {
  count = var.create_elasticache_subnet_route_table && local.elasticache > 0 ? 1 : 0

  vpc_id = aws_vpc.this[0].id
}

resource "aws_route_table_association" "elasticache" {
  count = local.elasticache

  subnet_id      = aws_subnet.elasticache[count.index].id
  route_table_id = var.create_elasticache_subnet_route_table ? aws_route_table.elasticache[0].id : try(element(aws_route_table.private[*].id, var.single_nat_gateway ? 0 : count.index), var.anything)
}

resource "aws_route_table" "intra" {
  count = local.intra == 0 ? 0 : var.create_multiple_intra_route_tables ? local.intra : 1

  vpc_id = aws_vpc.this[0].id
}

resource "aws_route_table_association" "intra" {
  count = local.intra

  subnet_id      = aws_subnet.intra[count.index].id
  route_table_id = element(aws_route_table.intra[*].id, var.create_multiple_intra_route_tables ? count.index : 0)
}

resource "aws_db_subnet_group" "database" {
  count = local.database > 0 && var.create_database_subnet_group ? 1 : 0

  name       = lower(coalesce(var.database_subnet_group_name, var.name))
  subnet_ids = aws_subnet.database[*].id
}

resource "aws_redshift_subnet_group" "redshift" {
  count = local.redshift > 0 && var.create_redshift_subnet_group ? 1 : 0

  name       = lower(coalesce(var.redshift_subnet_group_name, var.name))
  subnet_ids = aws_subnet.redshift[*].id
}

resource "aws_elasticache_subnet_group" "elasticache" {
  count = local.elasticache > 0 && var.create_elasticache_subnet_group ? 1 : 0

  name       = coalesce(var.elasticache_subnet_group_name, var.name)
  subnet_ids = aws_subnet.elasticache[*].id
}

resource "aws_network_acl" "public" {
  count = local.public > 0 && var.public_dedicated_network_acl ? 1 : 0

  vpc_id     = aws_vpc.this[0].id
  subnet_ids = aws_subnet.public[*].id
}

resource "aws_network_acl_rule" "public_inbound" {
  count = local.public > 0 && var.public_dedicated_network_acl ? length(var.public_inbound_acl_rules) : 0

  network_acl_id  = aws_network_acl.public[0].id
  egress          = false
  rule_number     = var.public_inbound_acl_rules[count.index].rule_number
  rule_action     = var.public_inbound_acl_rules[count.index].rule_action
  protocol        = var.public_inbound_acl_rules[count.index].protocol
  from_port       = try(var.public_inbound_acl_rules[count.index].from_port, null)
  to_port         = try(var.public_inbound_acl_rules[count.index].to_port, null)
  icmp_type       = var.all_acl_fields ? try(var.public_inbound_acl_rules[count.index].icmp_type, null) : null
  icmp_code       = var.all_acl_fields ? try(var.public_inbound_acl_rules[count.index].icmp_code, null) : null
  cidr_block      = try(var.public_inbound_acl_rules[count.index].cidr_block, null)
  ipv6_cidr_block = var.all_acl_fields ? try(var.public_inbound_acl_rules[count.index].ipv6_cidr_block, null) : null
}

resource "aws_network_acl_rule" "public_outbound" {
  count = local.public > 0 && var.public_dedicated_network_acl ? length(var.public_outbound_acl_rules) : 0

  network_acl_id  = aws_network_acl.public[0].id
  egress          = true
  rule_number     = var.public_outbound_acl_rules[count.index].rule_number
  rule_action     = var.public_outbound_acl_rules[count.index].rule_action
  protocol        = var.public_outbound_acl_rules[count.index].protocol
  from_port       = try(var.public_outbound_acl_rules[count.index].from_port, null)
  to_port         = try(var.public_outbound_acl_rules[count.index].to_port, null)
  icmp_type       = var.all_acl_fields ? try(var.public_outbound_acl_rules[count.index].icmp_type, null) : null
  icmp_code       = var.all_acl_fields ? try(var.public_outbound_acl_rules[count.index].icmp_code, null) : null
  cidr_block      = try(var.public_outbound_acl_rules[count.index].cidr_block, null)
  ipv6_cidr_block = var.all_acl_fields ? try(var.public_outbound_acl_rules[count.index].ipv6_cidr_block, null) : null
}

resource "aws_network_acl" "private" {
  count = local.private > 0 && var.private_dedicated_network_acl ? 1 : 0

  vpc_id     = aws_vpc.this[0].id
  subnet_ids = aws_subnet.private[*].id
}

resource "aws_network_acl_rule" "private_inbound" {
  count = local.private > 0 && var.private_dedicated_network_acl ? length(var.private_inbound_acl_rules) : 0

  network_acl_id  = aws_network_acl.private[0].id
  egress          = false
  rule_number     = var.private_inbound_acl_rules[count.index].rule_number
  rule_action     = var.private_inbound_acl_rules[count.index].rule_action
  protocol        = var.private_inbound_acl_rules[count.index].protocol
  from_port       = try(var.private_inbound_acl_rules[count.index].from_port, null)
  to_port         = try(var.private_inbound_acl_rules[count.index].to_port, null)
  icmp_type       = var.all_acl_fields ? try(var.private_inbound_acl_rules[count.index].icmp_type, null) : null
  icmp_code       = var.all_acl_fields ? try(var.private_inbound_acl_rules[count.index].icmp_code, null) : null
  cidr_block      = try(var.private_inbound_acl_rules[count.index].cidr_block, null)
  ipv6_cidr_block = var.all_acl_fields ? try(var.private_inbound_acl_rules[count.index].ipv6_cidr_block, null) : null
}

resource "aws_network_acl_rule" "private_outbound" {
  count = local.private > 0 && var.private_dedicated_network_acl ? length(var.private_outbound_acl_rules) : 0

  network_acl_id  = aws_network_acl.private[0].id
  egress          = true
  rule_number     = var.private_outbound_acl_rules[count.index].rule_number
  rule_action     = var.private_outbound_acl_rules[count.index].rule_action
  protocol        = var.private_outbound_acl_rules[count.index].protocol
  from_port       = try(var.private_outbound_acl_rules[count.index].from_port, null)
  to_port         = try(var.private_outbound_acl_rules[count.index].to_port, null)
  icmp_type       = var.all_acl_fields ? try(var.private_outbound_acl_rules[count.index].icmp_type, null) : null
  icmp_code       = var.all_acl_fields ? try(var.private_outbound_acl_rules[count.index].icmp_code, null) : null
  cidr_block      = try(var.private_outbound_acl_rules[count.index].cidr_block, null)
  ipv6_cidr_block = var.all_acl_fields ? try(var.private_outbound_acl_rules[count.index].ipv6_cidr_block, null) : null
}

resource "aws_network_acl" "database" {
  count = local.database > 0 && var.database_dedicated_network_acl ? 1 : 0

  vpc_id     = aws_vpc.this[0].id
  subnet_ids = aws_subnet.database[*].id
}

resource "aws_network_acl_rule" "database_inbound" {
  count = local.database > 0 && var.database_dedicated_network_acl ? length(var.database_inbound_acl_rules) : 0

  network_acl_id  = aws_network_acl.database[0].id
  egress          = false
  rule_number     = var.database_inbound_acl_rules[count.index].rule_number
  rule_action     = var.database_inbound_acl_rules[count.index].rule_action
  protocol        = var.database_inbound_acl_rules[count.index].protocol
  from_port       = try(var.database_inbound_acl_rules[count.index].from_port, null)
  to_port         = try(var.database_inbound_acl_rules[count.index].to_port, null)
  icmp_type       = var.all_acl_fields ? try(var.database_inbound_acl_rules[count.index].icmp_type, null) : null
  icmp_code       = var.all_acl_fields ? try(var.database_inbound_acl_rules[count.index].icmp_code, null) : null
  cidr_block      = try(var.database_inbound_acl_rules[count.index].cidr_block, null)
  ipv6_cidr_block = var.all_acl_fields ? try(var.database_inbound_acl_rules[count.index].ipv6_cidr_block, null) : null
}

resource "aws_network_acl_rule" "database_outbound" {
  count = local.database > 0 && var.database_dedicated_network_acl ? length(var.database_outbound_acl_rules) : 0

  network_acl_id  = aws_network_acl.database[0].id
  egress          = true
  rule_number     = var.database_outbound_acl_rules[count.index].rule_number
  rule_action     = var.database_outbound_acl_rules[count.index].rule_action
  protocol        = var.database_outbound_acl_rules[count.index].protocol
  from_port       = try(var.database_outbound_acl_rules[count.index].from_port, null)
  to_port         = try(var.database_outbound_acl_rules[count.index].to_port, null)
  icmp_type       = var.all_acl_fields ? try(var.database_outbound_acl_rules[count.index].icmp_type, null) : null
  icmp_code       = var.all_acl_fields ? try(var.database_outbound_acl_rules[count.index].icmp_code, null) : null
  cidr_block      = try(var.database_outbound_acl_rules[count.index].cidr_block, null)
  ipv6_cidr_block = var.all_acl_fields ? try(var.database_outbound_acl_rules[count.index].ipv6_cidr_block, null) : null
}

resource "aws_network_acl" "redshift" {
  count = local.redshift > 0 && var.redshift_dedicated_network_acl ? 1 : 0

  vpc_id     = aws_vpc.this[0].id
  subnet_ids = aws_subnet.redshift[*].id
}

resource "aws_network_acl_rule" "redshift_inbound" {
  count = local.redshift > 0 && var.redshift_dedicated_network_acl ? length(var.redshift_inbound_acl_rules) : 0

  network_acl_id  = aws_network_acl.redshift[0].id
  egress          = false
  rule_number     = var.redshift_inbound_acl_rules[count.index].rule_number
  rule_action     = var.redshift_inbound_acl_rules[count.index].rule_action
  protocol        = var.redshift_inbound_acl_rules[count.index].protocol
  from_port       = try(var.redshift_inbound_acl_rules[count.index].from_port, null)
  to_port         = try(var.redshift_inbound_acl_rules[count.index].to_port, null)
  icmp_type       = var.all_acl_fields ? try(var.redshift_inbound_acl_rules[count.index].icmp_type, null) : null
  icmp_code       = var.all_acl_fields ? try(var.redshift_inbound_acl_rules[count.index].icmp_code, null) : null
  cidr_block      = try(var.redshift_inbound_acl_rules[count.index].cidr_block, null)
  ipv6_cidr_block = var.all_acl_fields ? try(var.redshift_inbound_acl_rules[count.index].ipv6_cidr_block, null) : null
}

resource "aws_network_acl_rule" "redshift_outbound" {
  count = local.redshift > 0 && var.redshift_dedicated_network_acl ? length(var.redshift_outbound_acl_rules) : 0

  network_acl_id  = aws_network_acl.redshift[0].id
  egress          = true
  rule_number     = var.redshift_outbound_acl_rules[count.index].rule_number
  rule_action     = var.redshift_outbound_acl_rules[count.index].rule_action
  protocol        = var.redshift_outbound_acl_rules[count.index].protocol
  from_port       = try(var.redshift_outbound_acl_rules[count.index].from_port, null)
  to_port         = try(var.redshift_outbound_acl_rules[count.index].to_port, null)
  icmp_type       = var.all_acl_fields ? try(var.redshift_outbound_acl_rules[count.index].icmp_type, null) : null
  icmp_code       = var.all_acl_fields ? try(var.redshift_outbound_acl_rules[count.index].icmp_code, null) : null
  cidr_block      = try(var.redshift_outbound_acl_rules[count.index].cidr_block, null)
  ipv6_cidr_block = var.all_acl_fields ? try(var.redshift_outbound_acl_rules[count.index].ipv6_cidr_block, null) : null
}

resource "aws_network_acl" "elasticache" {
  count = local.elasticache > 0 && var.elasticache_dedicated_network_acl ? 1 : 0

  vpc_id     = aws_vpc.this[0].id
  subnet_ids = aws_subnet.elasticache[*].id
}

resource "aws_network_acl_rule" "elasticache_inbound" {
  count = local.elasticache > 0 && var.elasticache_dedicated_network_acl ? length(var.elasticache_inbound_acl_rules) : 0

  network_acl_id  = aws_network_acl.elasticache[0].id
  egress          = false
  rule_number     = var.elasticache_inbound_acl_rules[count.index].rule_number
  rule_action     = var.elasticache_inbound_acl_rules[count.index].rule_action
  protocol        = var.elasticache_inbound_acl_rules[count.index].protocol
  from_port       = try(var.elasticache_inbound_acl_rules[count.index].from_port, null)
  to_port         = try(var.elasticache_inbound_acl_rules[count.index].to_port, null)
  icmp_type       = var.all_acl_fields ? try(var.elasticache_inbound_acl_rules[count.index].icmp_type, null) : null
  icmp_code       = var.all_acl_fields ? try(var.elasticache_inbound_acl_rules[count.index].icmp_code, null) : null
  cidr_block      = try(var.elasticache_inbound_acl_rules[count.index].cidr_block, null)
  ipv6_cidr_block = var.all_acl_fields ? try(var.elasticache_inbound_acl_rules[count.index].ipv6_cidr_block, null) : null
}

resource "aws_network_acl_rule" "elasticache_outbound" {
  count = local.elasticache > 0 && var.elasticache_dedicated_network_acl ? length(var.elasticache_outbound_acl_rules) : 0

  network_acl_id  = aws_network_acl.elasticache[0].id
  egress          = true
  rule_number     = var.elasticache_outbound_acl_rules[count.index].rule_number
  rule_action     = var.elasticache_outbound_acl_rules[count.index].rule_action
  protocol        = var.elasticache_outbound_acl_rules[count.index].protocol
  from_port       = try(var.elasticache_outbound_acl_rules[count.index].from_port, null)
  to_port         = try(var.elasticache_outbound_acl_rules[count.index].to_port, null)
  icmp_type       = var.all_acl_fields ? try(var.elasticache_outbound_acl_rules[count.index].icmp_type, null) : null
  icmp_code       = var.all_acl_fields ? try(var.elasticache_outbound_acl_rules[count.index].icmp_code, null) : null
  cidr_block      = try(var.elasticache_outbound_acl_rules[count.index].cidr_block, null)
  ipv6_cidr_block = var.all_acl_fields ? try(var.elasticache_outbound_acl_rules[count.index].ipv6_cidr_block, null) : null
}

resource "aws_network_acl" "intra" {
  count = local.intra > 0 && var.intra_dedicated_network_acl ? 1 : 0

  vpc_id     = aws_vpc.this[0].id
  subnet_ids = aws_subnet.intra[*].id
}

resource "aws_network_acl_rule" "intra_inbound" {
  count = local.intra > 0 && var.intra_dedicated_network_acl ? length(var.intra_inbound_acl_rules) : 0

  network_acl_id  = aws_network_acl.intra[0].id
  egress          = false
  rule_number     = var.intra_inbound_acl_rules[count.index].rule_number
  rule_action     = var.intra_inbound_acl_rules[count.index].rule_action
  protocol        = var.intra_inbound_acl_rules[count.index].protocol
  from_port       = try(var.intra_inbound_acl_rules[count.index].from_port, null)
  to_port         = try(var.intra_inbound_acl_rules[count.index].to_port, null)
  icmp_type       = var.all_acl_fields ? try(var.intra_inbound_acl_rules[count.index].icmp_type, null) : null
  icmp_code       = var.all_acl_fields ? try(var.intra_inbound_acl_rules[count.index].icmp_code, null) : null
  cidr_block      = try(var.intra_inbound_acl_rules[count.index].cidr_block, null)
  ipv6_cidr_block = var.all_acl_fields ? try(var.intra_inbound_acl_rules[count.index].ipv6_cidr_block, null) : null
}

resource "aws_network_acl_rule" "intra_outbound" {
  count = local.intra > 0 && var.intra_dedicated_network_acl ? length(var.intra_outbound_acl_rules) : 0

  network_acl_id  = aws_network_acl.intra[0].id
  egress          = true
  rule_number     = var.intra_outbound_acl_rules[count.index].rule_number
  rule_action     = var.intra_outbound_acl_rules[count.index].rule_action
  protocol        = var.intra_outbound_acl_rules[count.index].protocol
  from_port       = try(var.intra_outbound_acl_rules[count.index].from_port, null)
  to_port         = try(var.intra_outbound_acl_rules[count.index].to_port, null)
  icmp_type       = var.all_acl_fields ? try(var.intra_outbound_acl_rules[count.index].icmp_type, null) : null
  icmp_code       = var.all_acl_fields ? try(var.intra_outbound_acl_rules[count.index].icmp_code, null) : null
  cidr_block      = try(var.intra_outbound_acl_rules[count.index].cidr_block, null)
  ipv6_cidr_block = var.all_acl_fields ? try(var.intra_outbound_acl_rules[count.index].ipv6_cidr_block, null) : null
}

resource "aws_network_acl" "outpost" {
  count = local.outpost > 0 && var.outpost_dedicated_network_acl ? 1 : 0

  vpc_id     = aws_vpc.this[0].id
  subnet_ids = aws_subnet.outpost[*].id
}

resource "aws_network_acl_rule" "outpost_inbound" {
  count = local.outpost > 0 && var.outpost_dedicated_network_acl ? length(var.outpost_inbound_acl_rules) : 0

  network_acl_id  = aws_network_acl.outpost[0].id
  egress          = false
  rule_number     = var.outpost_inbound_acl_rules[count.index].rule_number
  rule_action     = var.outpost_inbound_acl_rules[count.index].rule_action
  protocol        = var.outpost_inbound_acl_rules[count.index].protocol
  from_port       = try(var.outpost_inbound_acl_rules[count.index].from_port, null)
  to_port         = try(var.outpost_inbound_acl_rules[count.index].to_port, null)
  icmp_type       = var.all_acl_fields ? try(var.outpost_inbound_acl_rules[count.index].icmp_type, null) : null
  icmp_code       = var.all_acl_fields ? try(var.outpost_inbound_acl_rules[count.index].icmp_code, null) : null
  cidr_block      = try(var.outpost_inbound_acl_rules[count.index].cidr_block, null)
  ipv6_cidr_block = var.all_acl_fields ? try(var.outpost_inbound_acl_rules[count.index].ipv6_cidr_block, null) : null
}

resource "aws_network_acl_rule" "outpost_outbound" {
  count = local.outpost > 0 && var.outpost_dedicated_network_acl ? length(var.outpost_outbound_acl_rules) : 0

  network_acl_id  = aws_network_acl.outpost[0].id
  egress          = true
  rule_number     = var.outpost_outbound_acl_rules[count.index].rule_number
  rule_action     = var.outpost_outbound_acl_rules[count.index].rule_action
  protocol        = var.outpost_outbound_acl_rules[count.index].protocol
  from_port       = try(var.outpost_outbound_acl_rules[count.index].from_port, null)
  to_port         = try(var.outpost_outbound_acl_rules[count.index].to_port, null)
  icmp_type       = var.all_acl_fields ? try(var.outpost_outbound_acl_rules[count.index].icmp_type, null) : null
  icmp_code       = var.all_acl_fields ? try(var.outpost_outbound_acl_rules[count.index].icmp_code, null) : null
  cidr_block      = try(var.outpost_outbound_acl_rules[count.index].cidr_block, null)
  ipv6_cidr_block = var.all_acl_fields ? try(var.outpost_outbound_acl_rules[count.index].ipv6_cidr_block, null) : null
}

resource "aws_vpn_gateway" "this" {
  count = var.create_vpc && var.enable_vpn_gateway ? 1 : 0

  vpc_id = aws_vpc.this[0].id
  tags   = merge({ Name = var.name }, var.tags)
}

resource "aws_vpn_gateway_attachment" "this" {
  count = var.vpn_gateway_id != "" ? 1 : 0

  vpc_id         = aws_vpc.this[0].id
  vpn_gateway_id = var.vpn_gateway_id
}

# To some versions a gateway that is given propagates whatever the switches say.
resource "aws_vpn_gateway_route_propagation" "public" {
  count = !local.vpn ? 0 : var.propagate_public_route_tables_vgw ? 1 : var.anything ? 1 : 0

  route_table_id = aws_route_table.public[0].id
  vpn_gateway_id = var.enable_vpn_gateway ? aws_vpn_gateway.this[0].id : var.vpn_gateway_id
}

resource "aws_vpn_gateway_route_propagation" "private" {
  count = !local.vpn ? 0 : var.propagate_private_route_tables_vgw ? local.private : var.anything ? local.private : 0

  route_table_id = element(aws_route_table.private[*].id, count.index)
  vpn_gateway_id = var.enable_vpn_gateway ? aws_vpn_gateway.this[0].id : var.vpn_gateway_id
}

resource "aws_vpn_gateway_route_propagation" "intra" {
  count = !local.vpn ? 0 : var.propagate_intra_route_tables_vgw ? local.intra : var.anything ? local.intra : 0

  route_table_id = element(aws_route_table.intra[*].id, count.index)
  vpn_gateway_id = var.enable_vpn_gateway ? aws_vpn_gateway.this[0].id : var.vpn_gateway_id
}

resource "aws_default_vpc" "this" {
  count = var.manage_default_vpc ? 1 : 0
}

resource "aws_default_security_group" "this" {
  count = var.create_vpc && var.manage_default_security_group ? 1 : 0

  vpc_id  = aws_vpc.this[0].id
  ingress = try(length(var.default_security_group_ingress), 0) > 0 ? var.anything : []
  egress  = try(length(var.default_security_group_egress), 0) > 0 ? var.anything : []
}

# What is not managed, and what is managed with its default entries, allows everything alike.
resource "aws_default_network_acl" "this" {
  count = var.create_vpc && length(var.default_network_acl_ingress) + length(var.default_network_acl_egress) > 0 ? (var.anything ? 1 : 0) : 0

  default_network_acl_id = aws_vpc.this[0].default_network_acl_id
  ingress                = var.anything
  egress                 = var.anything
}

resource "aws_default_route_table" "default" {
  count = var.create_vpc && length(var.default_route_table_routes) + length(var.default_route_table_propagating_vgws) > 0 ? (var.anything ? 1 : 0) : 0

  default_route_table_id = aws_vpc.this[0].default_route_table_id
  propagating_vgws       = var.default_route_table_propagating_vgws
  route                  = var.anything
}

resource "aws_vpc_block_public_access_options" "this" {
  count = var.create_vpc && length(var.vpc_block_public_access_options) > 0 ? 1 : 0

  internet_gateway_block_mode = try(var.vpc_block_public_access_options.internet_gateway_block_mode, null)
}

resource "aws_vpc_block_public_access_exclusion" "this" {
  count = var.excluded

  vpc_id                          = var.anything
  subnet_id                       = var.anything
  internet_gateway_exclusion_mode = var.anything
}

resource "aws_flow_log" "this" {
  count = var.create_vpc && var.enable_flow_log ? 1 : 0

  vpc_id = aws_vpc.this[0].id
}

resource "aws_vpc_endpoint" "s3" {
  count = var.create_vpc && var.enable_s3_endpoint ? 1 : 0

  vpc_id             = aws_vpc.this[0].id
  service_name       = var.anything
  vpc_endpoint_type  = var.s3_endpoint_type == "Gateway" ? null : var.s3_endpoint_type
  subnet_ids         = var.s3_endpoint_type == "Gateway" ? null : var.anything
  security_group_ids = var.s3_endpoint_type == "Gateway" ? null : var.anything
  route_table_ids    = var.s3_endpoint_type == "Gateway" ? null : var.anything
}

resource "aws_vpc_endpoint_route_table_association" "private_s3" {
  count = var.create_vpc && var.enable_s3_endpoint && var.s3_endpoint_type == "Gateway" ? local.tables : 0

  vpc_endpoint_id = aws_vpc_endpoint.s3[0].id
  route_table_id  = element(aws_route_table.private[*].id, count.index)
}

resource "aws_vpc_endpoint_route_table_association" "intra_s3" {
  count = var.enable_s3_endpoint && var.s3_endpoint_type == "Gateway" && local.intra > 0 ? 1 : 0

  vpc_endpoint_id = aws_vpc_endpoint.s3[0].id
  route_table_id  = aws_route_table.intra[0].id
}

resource "aws_vpc_endpoint_route_table_association" "public_s3" {
  count = var.enable_s3_endpoint && var.s3_endpoint_type == "Gateway" && var.enable_public_s3_endpoint ? local.publics : 0

  vpc_endpoint_id = aws_vpc_endpoint.s3[0].id
  route_table_id  = aws_route_table.public[0].id
}

resource "aws_vpc_endpoint" "dynamodb" {
  count = var.create_vpc && var.enable_dynamodb_endpoint ? 1 : 0

  vpc_id             = aws_vpc.this[0].id
  service_name       = var.anything
  vpc_endpoint_type  = var.dynamodb_endpoint_type == "Gateway" ? null : var.dynamodb_endpoint_type
  subnet_ids         = var.dynamodb_endpoint_type == "Gateway" ? null : var.anything
  security_group_ids = var.dynamodb_endpoint_type == "Gateway" ? null : var.anything
  route_table_ids    = var.dynamodb_endpoint_type == "Gateway" ? null : var.anything
}

resource "aws_vpc_endpoint_route_table_association" "private_dynamodb" {
  count = var.create_vpc && var.enable_dynamodb_endpoint && var.dynamodb_endpoint_type == "Gateway" ? local.tables : 0

  vpc_endpoint_id = aws_vpc_endpoint.dynamodb[0].id
  route_table_id  = element(aws_route_table.private[*].id, count.index)
}

resource "aws_vpc_endpoint_route_table_association" "intra_dynamodb" {
  count = var.enable_dynamodb_endpoint && var.dynamodb_endpoint_type == "Gateway" && local.intra > 0 ? 1 : 0

  vpc_endpoint_id = aws_vpc_endpoint.dynamodb[0].id
  route_table_id  = aws_route_table.intra[0].id
}

resource "aws_vpc_endpoint_route_table_association" "public_dynamodb" {
  count = var.enable_dynamodb_endpoint && var.dynamodb_endpoint_type == "Gateway" ? local.publics : 0

  vpc_endpoint_id = aws_vpc_endpoint.dynamodb[0].id
  route_table_id  = aws_route_table.public[0].id
}

resource "aws_vpc_endpoint" "others" {
  count = var.create_vpc ? var.endpoints : 0

  vpc_id             = aws_vpc.this[0].id
  service_name       = var.anything
  vpc_endpoint_type  = "Interface"
  subnet_ids         = var.anything
  security_group_ids = var.anything
}

outputs {
  vpc_id                          = try(aws_vpc.this[0].id, var.anything)
  vpc_arn                         = try(aws_vpc.this[0].arn, var.anything)
  vpc_cidr_block                  = try(aws_vpc.this[0].cidr_block, var.anything)
  default_security_group_id       = try(aws_vpc.this[0].default_security_group_id, var.anything)
  default_network_acl_id          = try(aws_vpc.this[0].default_network_acl_id, var.anything)
  default_route_table_id          = try(aws_vpc.this[0].default_route_table_id, var.anything)
  vpc_main_route_table_id         = try(aws_vpc.this[0].main_route_table_id, var.anything)
  vpc_secondary_cidr_blocks       = aws_vpc_ipv4_cidr_block_association.this[*].cidr_block
  public_subnets                  = aws_subnet.public[*].id
  public_subnet_arns              = aws_subnet.public[*].arn
  public_subnets_cidr_blocks      = compact(aws_subnet.public[*].cidr_block)
  public_subnet_objects           = aws_subnet.public
  public_network_acl_id           = try(aws_network_acl.public[0].id, var.anything)
  private_subnets                 = aws_subnet.private[*].id
  private_subnet_arns             = aws_subnet.private[*].arn
  private_subnets_cidr_blocks     = compact(aws_subnet.private[*].cidr_block)
  private_subnet_objects          = aws_subnet.private
  private_network_acl_id          = try(aws_network_acl.private[0].id, var.anything)
  database_subnets                = aws_subnet.database[*].id
  database_subnet_arns            = aws_subnet.database[*].arn
  database_subnets_cidr_blocks    = compact(aws_subnet.database[*].cidr_block)
  database_subnet_objects         = aws_subnet.database
  database_network_acl_id         = try(aws_network_acl.database[0].id, var.anything)
  redshift_subnets                = aws_subnet.redshift[*].id
  redshift_subnet_arns            = aws_subnet.redshift[*].arn
  redshift_subnets_cidr_blocks    = compact(aws_subnet.redshift[*].cidr_block)
  redshift_subnet_objects         = aws_subnet.redshift
  redshift_network_acl_id         = try(aws_network_acl.redshift[0].id, var.anything)
  elasticache_subnets             = aws_subnet.elasticache[*].id
  elasticache_subnet_arns         = aws_subnet.elasticache[*].arn
  elasticache_subnets_cidr_blocks = compact(aws_subnet.elasticache[*].cidr_block)
  elasticache_subnet_objects      = aws_subnet.elasticache
  elasticache_network_acl_id      = try(aws_network_acl.elasticache[0].id, var.anything)
  intra_subnets                   = aws_subnet.intra[*].id
  intra_subnet_arns               = aws_subnet.intra[*].arn
  intra_subnets_cidr_blocks       = compact(aws_subnet.intra[*].cidr_block)
  intra_subnet_objects            = aws_subnet.intra
  intra_network_acl_id            = try(aws_network_acl.intra[0].id, var.anything)
  outpost_subnets                 = aws_subnet.outpost[*].id
  outpost_subnet_arns             = aws_subnet.outpost[*].arn
  outpost_subnets_cidr_blocks     = compact(aws_subnet.outpost[*].cidr_block)
  outpost_subnet_objects          = aws_subnet.outpost
  outpost_network_acl_id          = try(aws_network_acl.outpost[0].id, var.anything)
  public_route_table_ids          = aws_route_table.public[*].id
  private_route_table_ids         = aws_route_table.private[*].id
  intra_route_table_ids           = aws_route_table.intra[*].id
  database_route_table_ids        = var.create_database_subnet_route_table ? var.anything : aws_route_table.private[*].id
  redshift_route_table_ids        = var.create_redshift_subnet_route_table ? aws_route_table.redshift[*].id : var.enable_public_redshift ? aws_route_table.public[*].id : aws_route_table.private[*].id
  elasticache_route_table_ids     = var.create_elasticache_subnet_route_table ? aws_route_table.elasticache[*].id : aws_route_table.private[*].id
  database_subnet_group           = try(aws_db_subnet_group.database[0].id, var.anything)
  database_subnet_group_name      = try(aws_db_subnet_group.database[0].name, var.anything)
  redshift_subnet_group           = try(aws_redshift_subnet_group.redshift[0].id, var.anything)
  elasticache_subnet_group        = try(aws_elasticache_subnet_group.elasticache[0].id, var.anything)
  elasticache_subnet_group_name   = try(aws_elasticache_subnet_group.elasticache[0].name, var.anything)
  igw_id                          = try(aws_internet_gateway.this[0].id, var.anything)
  nat_ids                         = aws_eip.nat[*].id
  natgw_ids                       = aws_nat_gateway.this[*].id
  nat_public_ips                  = var.reuse_nat_ips ? var.anything : aws_eip.nat[*].public_ip
  vgw_id                          = try(aws_vpn_gateway.this[0].id, aws_vpn_gateway_attachment.this[0].vpn_gateway_id, var.anything)
  azs                             = var.azs
  name                            = var.name
}
