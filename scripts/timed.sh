#!/usr/bin/env bash
# timed.sh NAME COMMAND…: run a command and say how many seconds it took; its status is kept.
set -uo pipefail
name=$1
shift
start=$SECONDS
"$@"
status=$?
echo "== $name: $((SECONDS - start)) s"
exit $status
