"""Settings of a test run: the test cluster, quick password hashing, no static manifest."""

import os

os.environ["YIWEI_TESTING"] = "1"
os.environ.setdefault("YIWEI_CLUSTER", "test")

from yiwei.config.settings import *  # noqa: E402, F403
