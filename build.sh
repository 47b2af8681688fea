#!/usr/bin/env bash
# The one door to building, running and testing Proofsheet: ./build.sh TARGET [--name=value ...]; alone it lists the targets.
# Needs the .NET SDK 10 and Node 20 (with npm); everything else it sets up itself.
set -euo pipefail

export PROOFSHEET_CALLER_FOLDER="$PWD"
cd "$(dirname "${BASH_SOURCE[0]}")"

fail() { echo "build.sh: $*" >&2; exit 2; }

command -v dotnet >/dev/null || fail "the .NET SDK 10 is missing: install it so that 'dotnet' is on the PATH."
sdk=$(dotnet --version 2>/dev/null) || fail "no .NET SDK 10 found. 'dotnet --list-sdks' says: $(dotnet --list-sdks 2>/dev/null | tr '\n' ' ')"
command -v node >/dev/null || fail "Node 20 or newer is missing: install it so that 'node' and 'npm' are on the PATH."
command -v npm >/dev/null || fail "npm is missing; it comes with Node 20."
node_major=$(node -p 'process.versions.node.split(".")[0]')
[ "$node_major" -ge 20 ] || fail "Node 20 or newer is needed; this one is $(node --version)."

# The first word is the target, the rest are options; "--photos DIR" and "--photos=DIR" mean the same.
target="${1:-List}"
[ $# -gt 0 ] && shift
case "$target" in
  -h | --help | help) target=List ;;
  -*) fail "the target comes first: ./build.sh TARGET [--name=value ...]. './build.sh' alone lists the targets." ;;
esac
options=()
while [ $# -gt 0 ]; do
  case "$1" in
    --*=*) options+=("$1") ;;
    --?*)
      if [ $# -gt 1 ] && [[ "$2" != --* ]]; then options+=("$1=$2"); shift; else options+=("$1=true"); fi ;;
    *) fail "'$1' is not understood: options are written --name=value, after the target." ;;
  esac
  shift
done

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
export CAKE_SETTINGS_ENABLESCRIPTCACHE=true CAKE_PATHS_CACHE=.tools/cake/cache CAKE_PATHS_TOOLS=.tools/cake

# .NET's own tools (the build runner, EF's and Swashbuckle's command lines), restored when the list or the SDK changed.
stamp=.tools/stamps/dotnet-tools
wanted="$sdk $(sha256sum < .config/dotnet-tools.json)"
packages="${NUGET_PACKAGES:-${HOME:-/root}/.nuget/packages}"
if [ ! -d "$packages/cake.tool" ] || [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
  echo "Restoring the .NET tools ..."
  mkdir -p .tools/stamps .tools/logs
  dotnet tool restore > .tools/logs/dotnet-tools.log 2>&1 || {
    if grep -qE 'NU1301|NU1101|Unable to load the service index|No such host|Name or service|Connection refused' .tools/logs/dotnet-tools.log; then
      fail "no package source answered ($(dotnet nuget list source --format short | tr '\n' ' ')). Connect this machine, or name a folder that holds the packages with 'dotnet nuget add source FOLDER'. All of the answer: .tools/logs/dotnet-tools.log"
    fi
    cat .tools/logs/dotnet-tools.log >&2
    fail "the .NET tools could not be restored."
  }
  echo "$wanted" > "$stamp"
fi

exec dotnet cake build.cake --verbosity=quiet --no-report "--target=$target" "${options[@]+"${options[@]}"}"
