#!/usr/bin/env bash
# bare-debian.sh [TARGET [--name=value ...]]: runs the README's commands, Run and Test, or a single target, on a clean clone of HEAD in a Debian 12 that
# contains only what .NET and Node need. This machine's SDK and Node are mounted into it, and its package clients are configured like
# this machine's. Exits with code 77 if that is not possible.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

suite=bookworm
skip() { echo "bare-debian.sh: skipped: $*"; exit 77; }

if [ "${1:-}" != --inside ]; then
  [ "$(id -u)" -eq 0 ] || skip "only root may make another root file system"
  command -v debootstrap > /dev/null || skip "debootstrap is missing: apt-get install debootstrap"
  unshare --mount --pid --fork true 2> /dev/null || skip "mount and process namespaces are not allowed here"
  mirror=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' | while read -r uri release; do
    [ "$release" = "$suite" ] && echo "$uri" && break; done)
  [ -n "$mirror" ] || skip "apt knows no source of Debian's $suite"
  root=$(mktemp -d "${TMPDIR:-/var/tmp}/proofsheet-bare-XXXXXX")
  # When the namespace ends, its mounts and processes are gone, so the folder can be deleted.
  trap 'rm -rf --one-file-system "$root"' EXIT
  unshare --mount --pid --fork --kill-child bash build/bare-debian.sh --inside "$root" "$mirror" "$@"
  exit
fi

root=$2 mirror=$3
shift 3

echo "Making a bare $suite in $root ..."
# The packages on Microsoft's list for Debian 12; Node needs fewer.
needs=ca-certificates,libc6,libgcc-s1,libgssapi-krb5-2,libicu72,libssl3,libstdc++6,tzdata,zlib1g
debootstrap --variant=minbase --include="$needs" "$suite" "$root" "$mirror" > "$root.log" 2>&1 || { tail -n 20 "$root.log"; exit 1; }
rm -f "$root.log"
# mktemp's folder is closed to other users, such as the one that PostgreSQL runs as.
chmod 755 "$root"

mount_at() { mkdir -p "$root$1" && mount --bind "$1" "$root$1"; }
mount -t proc proc "$root/proc"
mount --rbind /sys "$root/sys" && mount --make-rslave "$root/sys"
mount --rbind /dev "$root/dev" && mount --make-rslave "$root/dev"

dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")
node=$(readlink -f "$(command -v node)")
npm=$(dirname "$(dirname "$(readlink -f "$(command -v npm)")")")
mount_at "$dotnet"
mount_at "$npm"
cp "$node" "$root/usr/local/bin/node"
ln -s "$dotnet/dotnet" "$root/usr/local/bin/dotnet"
ln -s "$npm/bin/npm-cli.js" "$root/usr/local/bin/npm"
ln -s "$npm/bin/npx-cli.js" "$root/usr/local/bin/npx"

# The package sources, and the certificates that they are trusted by.
copy() { if [ -e "$1" ]; then mkdir -p "$root$(dirname "$2")" && rm -rf "${root:?}$2" && cp -rL "$1" "$root$2"; fi; }
copy /etc/resolv.conf /etc/resolv.conf
copy /etc/hosts /etc/hosts
copy /etc/apt /etc/apt
copy /etc/ssl/certs /etc/ssl/certs
copy /usr/local/share/ca-certificates /usr/local/share/ca-certificates
copy "$HOME/.npmrc" /root/.npmrc
npmrc=$(npm config get globalconfig)
copy "$npmrc" /usr/local/etc/npmrc
copy "$HOME/.nuget/NuGet/NuGet.Config" /root/.nuget/NuGet/NuGet.Config
copy "$HOME/.config/NuGet/NuGet.Config" /root/.config/NuGet/NuGet.Config

git clone --quiet "file://$PWD" "$root/proofsheet"

environment=(HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 NPM_CONFIG_GLOBALCONFIG=/usr/local/etc/npmrc)
while IFS= read -r -d '' variable; do
  case "${variable%%=*}" in
    NUGET_PACKAGES) ;;
    NUGET_* | npm_config_* | NPM_CONFIG_REGISTRY | *_proxy | *_PROXY | SSL_CERT_* | NODE_EXTRA_CA_CERTS | CI) environment+=("$variable") ;;
  esac
done < <(env -0)
inside() { timeout --foreground "$1" chroot "$root" env -i -C /proofsheet "${environment[@]}" ./build.sh "${@:2}" < /dev/null; }

if [ $# -gt 0 ]; then
  inside 60m "$@"
  exit
fi

echo "== ./build.sh Run in it"
log=$root/run.log
chroot "$root" env -i -C /proofsheet "${environment[@]}" ./build.sh Run < /dev/null > "$log" 2>&1 &
run=$!
for ((second = 0; second < 1800; second++)); do
  if grep -q '^Everything is kept in .data' "$log"; then break; fi
  if ! kill -0 "$run" 2> /dev/null; then tail -n 40 "$log"; echo "Run ended by itself."; exit 1; fi
  sleep 1
done
grep -q '^Everything is kept in .data' "$log" || { tail -n 40 "$log"; echo "Run was not ready after half an hour."; exit 1; }
gallery=$(awk '$1 == "Gallery" { print $2 }' "$log")
node -e 'fetch(process.argv[1]).then((answer) => { console.log(`${process.argv[1]}: ${answer.status}`); process.exit(answer.ok ? 0 : 1); })' "$gallery"
kill -TERM "$run"
wait "$run" || { tail -n 40 "$log"; echo "Run ended with code $?."; exit 1; }
echo "It was ready after $second s, and stopped when told."

echo "== ./build.sh Test in it"
inside 90m Test
