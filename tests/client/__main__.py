"""`python -m tests.client`: writes the package `tasrih_client` into build/client."""

from pathlib import Path

from tests.client.generate import generate

FOLDER = Path(__file__).parents[2] / "build" / "client"

if __name__ == "__main__":
    for line in generate(FOLDER):
        print(line)
    print(f"{FOLDER}: pip install {FOLDER}")
