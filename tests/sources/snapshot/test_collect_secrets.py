"""What AWS answers with that a snapshot must not hold: secrets, and what programs and people are given."""

from __future__ import annotations

from typing import Any

import pytest

from auditor.sources.snapshot.collect.table import PIECES
from auditor.sources.snapshot.collect.withheld import written

SECRET = "do-not-write-this"  # noqa: S105 - it is no password of anything
# What AWS answers with that must not be written, by the file that it would be in.
SECRETS: dict[str, dict[str, Any]] = {
    "LaunchTemplateVersions": {"LaunchTemplateData": {"UserData": SECRET, "ImageId": "kept"}},
    "LaunchConfigurations": {"UserData": SECRET, "ImageId": "kept"},
    "SpotFleetRequestConfigs": {
        "SpotFleetRequestConfig": {"LaunchSpecifications": [{"UserData": SECRET, "SubnetId": "kept"}]}
    },
    "VpnConnections": {
        "CustomerGatewayConfiguration": SECRET,
        "Options": {"TunnelOptions": [{"PreSharedKey": SECRET, "TunnelInsideCidr": "kept"}]},
    },
    "Functions": {"Environment": {"Variables": {"PASSWORD": SECRET}}, "FunctionName": "kept"},
    "EcsTaskDefinitions": {
        "family": "kept",
        "containerDefinitions": [
            {
                "environment": [{"name": "PASSWORD", "value": SECRET}],
                "secrets": [{"name": "KEY", "valueFrom": SECRET}],
                "environmentFiles": [{"value": SECRET}],
                "command": [SECRET],
                "entryPoint": [SECRET],
                "logConfiguration": {"options": {"token": SECRET}},
                "repositoryCredentials": {"credentialsParameter": SECRET},
                "dockerLabels": {"key": SECRET},
            }
        ],
    },
    "EcsTasks": {
        "taskArn": "kept",
        "overrides": {"containerOverrides": [{"environment": [{"name": "P", "value": SECRET}]}]},
    },
    "DBInstances": {
        "DBInstanceIdentifier": "kept",
        "MasterUsername": SECRET,
        "MasterUserSecret": {"SecretArn": SECRET},
        "PendingModifiedValues": {"MasterUserPassword": SECRET},
    },
    "DBClusters": {"DBClusterIdentifier": "kept", "MasterUsername": SECRET},
    "DBProxies": {"DBProxyName": "kept", "Auth": [{"SecretArn": SECRET}]},
    "RedshiftClusters": {"ClusterIdentifier": "kept", "MasterUsername": SECRET, "ClusterPublicKey": SECRET},
    "DomainStatusList": {"DomainName": "kept", "AdvancedSecurityOptions": {"SAMLOptions": SECRET}},
    "BrokerSummaries": {"BrokerName": "kept", "Users": [{"Username": SECRET}], "LdapServerMetadata": SECRET},
    "FsxFileSystems": {
        "FileSystemId": "kept",
        "WindowsConfiguration": {"SelfManagedActiveDirectoryConfiguration": {"UserName": SECRET}},
    },
    "CloudHsmClusters": {"ClusterId": "kept", "PreCoPassword": SECRET},
    "DirectConnectConnections": {"connectionId": "kept", "macSecKeys": [{"ckn": SECRET}]},
    "VirtualInterfaces": {
        "virtualInterfaceId": "kept",
        "authKey": SECRET,
        "customerRouterConfig": SECRET,
        "bgpPeers": [{"authKey": SECRET, "asn": 1}],
    },
    "LoadBalancerListeners": {
        "ListenerArn": "kept",
        "DefaultActions": [{"AuthenticateOidcConfig": {"ClientSecret": SECRET}}],
    },
    "AppRunnerServices": {
        "ServiceName": "kept",
        "SourceConfiguration": {"ImageRepository": {"ImageConfiguration": SECRET}},
    },
    "CodeBuildProjects": {
        "name": "kept",
        "environment": {"environmentVariables": [{"value": SECRET}]},
        "source": {"auth": SECRET, "buildspec": SECRET},
    },
    "GlueConnections": {"Name": "kept", "ConnectionProperties": {"PASSWORD": SECRET, "USERNAME": SECRET}},
    "AirflowEnvironments": {"Name": "kept", "AirflowConfigurationOptions": {"smtp.password": SECRET}},
    "EmrClusters": {"Id": "kept", "Configurations": [{"Properties": {"p": SECRET}}]},
    "SageMakerModels": {"ModelName": "kept", "PrimaryContainer": {"Environment": {"P": SECRET}}},
    "BatchComputeEnvironments": {
        "computeEnvironmentName": "kept",
        "computeResources": {"ec2KeyPair": SECRET, "subnets": ["s"]},
    },
    "TransferServers": {"ServerId": "kept", "IdentityProviderDetails": {"Url": SECRET}},
    "DirectoryDescriptions": {
        "DirectoryId": "kept",
        "RadiusSettings": {"SharedSecret": SECRET},
        "ConnectSettings": {"CustomerUserName": SECRET, "VpcId": "v"},
    },
    "Workspaces": {"WorkspaceId": "kept", "UserName": SECRET},
    "EksClusters": {"name": "kept", "certificateAuthority": {"data": SECRET}},
}


@pytest.mark.parametrize(
    "piece", [each for each in PIECES if each.file in SECRETS], ids=lambda piece: piece.file
)
def test_nothing_secret_is_written(piece: Any) -> None:
    kept = str(written(SECRETS[piece.file], piece))
    assert SECRET not in kept
    assert "kept" in kept


def test_every_example_is_of_a_file_that_there_is() -> None:
    assert set(SECRETS) <= {piece.file for piece in PIECES}
