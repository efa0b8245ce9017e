"""Does everything work together, on the stack that is deployed?"""

import pytest

pytest.register_assert_rewrite("tests.cloud.fund", "tests.cloud.journey", "tests.cloud.web")
