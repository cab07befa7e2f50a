#!/usr/bin/env bash
# The browser tests need Chromium. Install it where we may; say how where we may not.
set -euo pipefail

command -v chromium >/dev/null 2>&1 && exit 0

if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" -eq 0 ]; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-noto-core >/dev/null
else
  echo "The tests need chromium; install it with: sudo apt-get install chromium" >&2
  exit 1
fi
