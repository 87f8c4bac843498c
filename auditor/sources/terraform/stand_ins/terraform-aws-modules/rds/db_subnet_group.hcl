# Part of https://registry.terraform.io/modules/terraform-aws-modules/rds/aws

stand_in {
  versions = ">= 5.0, < 8.0"

  unset = ["name"]

  ignored = [
    "description", "tags",
  ]
}

defaults {
  create          = true
  subnet_ids      = []
  use_name_prefix = true
}

resource "aws_db_subnet_group" "this" {
  count = var.create ? 1 : 0

  name        = var.use_name_prefix ? null : var.name
  name_prefix = var.use_name_prefix ? "${var.name}-" : null
  subnet_ids  = var.subnet_ids
}

outputs {
  db_subnet_group_id = try(aws_db_subnet_group.this[0].id, var.anything)
}
