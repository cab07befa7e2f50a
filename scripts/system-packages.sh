#!/usr/bin/env bash
# The browser tests need Chromium, the sandbox needs bubblewrap. Install what is missing where we
# may; say how where we may not.
set -euo pipefail

missing=()
command -v chromium >/dev/null 2>&1 || missing+=(chromium)
command -v bwrap >/dev/null 2>&1 || missing+=(bubblewrap)
[ ${#missing[@]} -eq 0 ] && exit 0

if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" -eq 0 ]; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" fonts-noto-core >/dev/null
else
  echo "The tests need ${missing[*]}; install with: sudo apt-get install ${missing[*]}" >&2
  exit 1
fi
