#!/bin/sh
# Pin every dependency with its hashes; no download address is written.
set -e
cd "$(dirname "$0")/.."
compile() {
  .venv/bin/uv pip compile pyproject.toml --universal --generate-hashes --python-version 3.11 --no-header -q "$@"
}
test -x .venv/bin/uv || .venv/bin/pip install -q uv
compile --extra build -o requirements.txt
compile --extra build --extra test -o requirements-test.txt
compile --extra build --extra test --extra spark -o requirements-spark.txt
