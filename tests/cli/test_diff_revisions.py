"""``netaudit diff`` between revisions of git: read as they are kept, with the working tree left alone."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests import webnetwork
from tests.cli.running import process

EGRESS = """
  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}
"""
INSTANCE_OF_DB = """
resource "aws_db_instance" "db" {
  engine                 = "postgres"
  instance_class         = "db.t4g.small"
  vpc_security_group_ids = [aws_security_group.db.id]
}
"""
NETWORK = (
    webnetwork.NETWORK
    + webnetwork.GROUP.removesuffix("}\n")
    + EGRESS
    + webnetwork.INSTANCE
    + webnetwork.DATABASE.replace("10.0.1.0/24", "10.0.2.0/24")
    + INSTANCE_OF_DB
)
OPENED = NETWORK.replace('["10.0.2.0/24"]', '["10.0.2.0/24", "10.0.1.0/24"]')


def git(folder: Path, *words: str) -> str:
    named = ("-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "init.defaultBranch=main")
    return subprocess.run(
        ["git", *named, *words], cwd=folder, check=True, capture_output=True, text=True
    ).stdout


def committed(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "as it is")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q")
    committed(tmp_path, {"infra/main.tf": NETWORK})
    return tmp_path


def changes(folder: Path, *words: str) -> list[tuple[str, str, str]]:
    ran = process("diff", *words, "--format", "json", cwd=folder)
    assert ran.err == ""
    return [
        (each["kind"], each["source"]["name"], each["destination"]["name"])
        for each in json.loads(ran.out)["changes"]
    ]


def test_a_revision_is_compared_with_the_working_tree(repository: Path):
    assert changes(repository, "main", "infra") == []
    (repository / "infra" / "main.tf").write_text(OPENED, encoding="utf-8")
    before = git(repository, "status", "--porcelain")
    found = changes(repository, "main", "infra")
    assert [kind for kind, _, _ in found] == ["added"] * len(found) != []
    assert git(repository, "status", "--porcelain") == before
    assert changes(repository / "infra", "HEAD", ".") == found
    assert changes(repository, "HEAD:infra", "infra") == found


def test_two_revisions_are_compared_and_places_are_spelled_as_git_spells_them(repository: Path):
    committed(repository, {"infra/main.tf": OPENED})
    ran = process("diff", "HEAD~1", "main:infra", cwd=repository / "infra")
    assert ran.code == 0
    assert "- HEAD~1:infra" in ran.out
    assert "+ main:infra" in ran.out
    assert "main:infra/main.tf:" in ran.out
    assert "/netaudit-" not in ran.out
    assert process("diff", "HEAD~1", "HEAD", "--fail-on-new", cwd=repository).code == 1
    assert process("diff", "HEAD", "HEAD~1", "--fail-on-new", cwd=repository).code == 0


def test_a_module_that_moves_changes_nothing(repository: Path):
    main = 'module "network" {\n  source = "../modules/network"\n}\n'
    committed(repository, {"infra/main.tf": main, "modules/network/main.tf": NETWORK})
    moved = main.replace("modules/network", "modules/net")
    git(repository, "mv", "modules/network", "modules/net")
    committed(repository, {"infra/main.tf": moved})
    assert changes(repository, "HEAD~1:infra", "HEAD:infra") == []
    committed(repository, {"modules/net/main.tf": OPENED})
    assert changes(repository, "HEAD~1:infra", "infra") != []


def test_files_of_variables_are_those_of_each_revision(repository: Path):
    text = (
        NETWORK.replace('["10.0.2.0/24"]', "var.sources")
        + '\nvariable "sources" {\n  type = list(string)\n}\n'
    )
    assert "var.sources" in text
    committed(repository, {"infra/main.tf": text, "envs/prod.tfvars": 'sources = ["10.0.2.0/24"]\n'})
    wider = 'sources = ["10.0.2.0/24", "10.0.1.0/24"]\n'
    committed(repository, {"envs/prod.tfvars": wider})
    words = ("--var-file", "envs/prod.tfvars")
    assert changes(repository, "HEAD~1:infra", "HEAD:infra", *words) != []
    assert changes(repository, "HEAD~1:infra", "HEAD~1:infra", *words) == []
    configured = "roots:\n  infra:\n    var-files: [envs/prod.tfvars]\n"
    (repository / "netaudit.yaml").write_text(configured, encoding="utf-8")
    assert changes(repository, "HEAD~1:infra", "HEAD:infra") != []


def test_a_root_that_the_base_does_not_have_is_new(repository: Path):
    (repository / "netaudit.yaml").write_text(
        "roots:\n  live: { var-files: [live/a.tfvars] }\n", encoding="utf-8"
    )
    committed(repository, {"live/main.tf": NETWORK, "live/a.tfvars": ""})
    assert process("diff", "HEAD~1", ".", cwd=repository).code == 0


def test_modules_that_are_installed_are_those_of_both_sides(repository: Path):
    main = 'module "network" {\n  source  = "acme/network/aws"\n  version = "1.0.0"\n}\n'
    installed = {
        "Modules": [
            {"Key": "", "Source": "", "Dir": "."},
            {
                "Key": "network",
                "Source": "registry.terraform.io/acme/network/aws",
                "Version": "1.0.0",
                "Dir": ".terraform/modules/network",
            },
        ]
    }
    committed(repository, {".gitignore": ".terraform\n", "infra/main.tf": main})
    folder = repository / "infra" / ".terraform" / "modules"
    (folder / "network").mkdir(parents=True)
    (folder / "modules.json").write_text(json.dumps(installed), encoding="utf-8")
    (folder / "network" / "main.tf").write_text(NETWORK, encoding="utf-8")
    ran = process("diff", "HEAD:infra", "infra", cwd=repository)
    assert ran.out.startswith("reachability: no difference")
    assert "not understood" not in ran.out


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("no-such-branch", "neither a path nor a revision of git"),
        ("HEAD:elsewhere", "elsewhere is not in HEAD"),
        ("--upload-pack=x", "No such option"),
        ("HEAD^{tree}", "neither a path nor a revision of git"),
    ],
)
def test_what_is_neither_a_path_nor_a_revision_is_one_clear_error(repository: Path, text: str, message: str):
    ran = process("diff", text, "infra", cwd=repository)
    assert ran.code == 2
    assert message in ran.err
    assert "Traceback" not in ran.err


def test_outside_of_a_repository_a_name_is_no_revision(tmp_path: Path):
    ran = process("diff", "main", ".", cwd=tmp_path, GIT_CEILING_DIRECTORIES=str(tmp_path.parent))
    assert ran.code == 2
    assert "neither a path nor a revision" in ran.err


def test_links_that_lead_out_of_the_tree_are_no_part_of_a_revision(repository: Path, tmp_path: Path):
    secret = tmp_path.parent / f"{tmp_path.name}-secret.tf"
    secret.write_text(NETWORK, encoding="utf-8")
    (repository / "infra" / "main.tf").unlink()
    (repository / "infra" / "main.tf").symlink_to(secret)
    (repository / "infra" / "more.tf").write_text('resource "aws_vpc" "other" {}\n', encoding="utf-8")
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "links")
    ran = process("diff", "HEAD~1:infra", "HEAD:infra", "--format", "json", cwd=repository)
    document = json.loads(ran.out)
    assert "aws_security_group.db" in {each["address"] for each in document["only_in_base"]}
    (gap,) = document["gaps"]["head"]
    assert gap["at"] == "HEAD:infra/main.tf"
    assert "cannot be read" in gap["why"]
