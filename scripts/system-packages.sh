#!/usr/bin/env bash
# Grading needs bubblewrap, the browser tests need Chromium. Install what is named, as Debian calls
# it, where we may; say how where we may not.
set -euo pipefail

missing=()
for package in "$@"; do
  case $package in
    bubblewrap) program=bwrap ;;
    *) program=$package ;;
  esac
  command -v "$program" >/dev/null 2>&1 || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0
[[ " ${missing[*]} " == *" chromium "* ]] && missing+=(fonts-noto-core)

if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" -eq 0 ]; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
else
  echo "This needs ${missing[*]}; install it with: sudo apt-get install ${missing[*]}" >&2
  exit 1
fi
