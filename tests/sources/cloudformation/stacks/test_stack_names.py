from __future__ import annotations

import pytest

from auditor.sources.cloudformation.stacks.names import unique_names


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("network.yaml", "network"),
        ("infra/network.yml", "network"),
        ("cdk.out/Shop.template.json", "Shop"),
        ("vpc.template", "vpc"),
        ("vpc.template.yaml", "vpc"),
        ("net.v2.json", "net.v2"),
        (".template", ".template"),
        ("-", "stdin"),
    ],
)
def test_a_stack_is_called_by_its_file_without_what_says_that_it_is_a_template(path: str, name: str):
    assert unique_names([path]) == {path: name}


def test_stacks_whose_files_are_alike_are_told_apart_by_as_many_folders_as_it_takes():
    paths = ["a/shop/template.yaml", "b/shop/template.yaml", "b/site/template.yaml", "other.yaml"]
    assert unique_names(paths) == {
        "a/shop/template.yaml": "a/shop/template",
        "b/shop/template.yaml": "b/shop/template",
        "b/site/template.yaml": "site/template",
        "other.yaml": "other",
    }


def test_files_that_differ_by_their_suffix_alone_keep_it():
    assert unique_names(["x/net.yaml", "x/net.json", "x/app.yaml"]) == {
        "x/net.yaml": "x/net.yaml",
        "x/net.json": "x/net.json",
        "x/app.yaml": "app",
    }
    assert unique_names(["net.yaml", "net.json"]) == {"net.yaml": "net.yaml", "net.json": "net.json"}
