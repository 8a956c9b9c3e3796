"""A Ray cluster of three nodes on this machine: a head without processors, and two workers."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"  # 127.0.0.1 stays 127.0.0.1
os.environ["RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO"] = "0"

DEATH_IS_SEEN_SOON = {"health_check_period_ms": 500, "health_check_failure_threshold": 3}
NODE: dict[str, Any] = {"node_ip_address": "127.0.0.1", "object_store_memory": 80 * 1024 * 1024}


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Yield the cluster, with this process connected to its head."""
    import ray
    from ray.cluster_utils import Cluster

    cluster = Cluster()
    cluster.add_node(num_cpus=0, include_dashboard=False, _system_config=DEATH_IS_SEEN_SOON, **NODE)
    for _ in range(2):
        cluster.add_node(num_cpus=1, **NODE)
    ray.init(address=cluster.address, log_to_driver=False, logging_level="ERROR")
    yield cluster
    ray.shutdown()
    cluster.shutdown()
