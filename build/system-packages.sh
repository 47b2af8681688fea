#!/usr/bin/env bash
# system-packages.sh PACKAGE...: installs the Debian packages that are missing, or says what to do if it is not allowed to.
# Never stops the build: if a missing package is really needed, the step that uses it reports it again.
set -uo pipefail

family=""
[ -r /etc/os-release ] && family=$(. /etc/os-release && echo "${ID:-} ${ID_LIKE:-}")
if [[ "$family" != *debian* ]] || ! command -v apt-get >/dev/null; then
  echo "Not a Debian system: install what these Debian packages hold, unless it is there already: $*"
  exit 0
fi

missing=()
for package in "$@"; do
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

if [ "$(id -u)" -ne 0 ]; then
  echo "Missing, and only root may install it: sudo apt-get install ${missing[*]}"
  exit 0
fi

echo "Installing ${missing[*]} ..."
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)

# Tests start their own servers on their own ports, so the packages must not start system services.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' > "$policy" && chmod +x "$policy"
  trap 'rm -f "$policy" "$log"' EXIT
else
  trap 'rm -f "$log"' EXIT
fi

install() { apt-get install -y -qq --no-install-recommends "$@" < /dev/null > "$log" 2>&1; }
if ! apt-get update -qq < /dev/null > "$log" 2>&1 || ! install "${missing[@]}"; then
  for package in "${missing[@]}"; do
    install "$package" && continue
    tail -n 5 "$log"
    echo "Could not install $package; going on without. By hand: apt-get update && apt-get install $package"
  done
fi
exit 0
