variable "rules" {
  type = map(object({
    port = number
    cidr = optional(string, "10.0.0.0/8")
    tags = optional(map(string))
    peer = optional(object({ name = optional(string, "x"), weight = optional(number, 1) }), {})
  }))
  default = {
    web = { port = "80" }
    api = { port = 443, cidr = null, tags = { a = 1 }, extra = true, peer = { name = null, weight = "7" } }
  }
}
variable "nested" {
  type    = list(object({ name = string, ports = optional(set(number), [22, 22]) }))
  default = [{ name = "a" }, { name = 1, ports = ["2", 1] }]
}
variable "any_list" {
  type    = list(any)
  default = [1, "a", true]
}
variable "any_map" {
  type    = map(any)
  default = { a = { x = 1 }, b = { x = "y" } }
}
variable "any" {
  type    = any
  default = [1, "a", [true]]
}
variable "map_of_lists" {
  type    = map(list(any))
  default = { a = [1, 2], b = ["x"] }
}
variable "object_of_any" {
  type    = object({ a = any, b = optional(any), c = optional(list(any), [1, "x"]) })
  default = { a = [1, "2"] }
}
variable "pair" {
  type    = tuple([string, bool, any])
  default = [1, "true", [1, "a"]]
}
variable "set" {
  type    = set(string)
  default = ["b", "a", "b", 1]
}
variable "set_of_objects" {
  type    = set(object({ a = optional(number, 3) }))
  default = [{}, { a = "3" }, { a = 4 }]
}
variable "text" {
  type    = string
  default = 1.50
}
variable "number" {
  type    = number
  default = "1.50"
}
variable "precise" {
  type    = number
  default = "0.1000000000000000055511151231257827021181583404541015625"
}
variable "truth" {
  type    = bool
  default = "true"
}
variable "none" {
  type    = list(string)
  default = null
}
locals {
  template = "<$${a}>%%{ for x in b }[$${x}]%%{ endfor }"
}
