#!/bin/sh
# Checks the wire contract with buf (the version pinned in package-lock.json, from npm).
#
#   buf.sh check      lints the protos, and compares them with baseline.binpb: no breaking change. Part of `mvn verify`.
#   buf.sh baseline   makes baseline.binpb from the protos as they are. Done at a release, and committed with it.
#   buf.sh generate TEMPLATE DIR   generates stubs into DIR, in the way that a buf.gen.yaml says.
set -eu
cd "$(dirname "$0")"
command=${1:-check}

case $command in
  check | baseline | generate) ;;
  *)
    sed -n 's/^#   //p' "$0" >&2
    exit 2
    ;;
esac

if ! command -v npm >/dev/null; then
  echo "buf: NOT RUN, the protos were not checked: npm, which fetches buf, is not on the PATH (Debian, Ubuntu: apt-get install npm)" >&2
  # A check that cannot be made is only said; a baseline that cannot be made is a failure.
  [ "$command" = check ]
  exit
fi

# A copy of the lock beside what npm installed says which lock that was.
cmp -s package-lock.json node_modules/installed-lock.json || {
  npm ci --silent --ignore-scripts --no-audit --no-fund --prefer-offline || {
    echo "buf: npm could not install it; 'npm ci' in $(pwd) says why" >&2
    exit 1
  }
  cp package-lock.json node_modules/installed-lock.json
}

# The packages are npm's, but what is in them is a native program: it needs no node.
for buf in node_modules/@bufbuild/buf-*/bin/buf; do
  [ -x "$buf" ] || {
    echo "buf: package-lock.json has none for this platform, $(uname -sm)" >&2
    exit 1
  }
done

case $command in
  check)
    "$buf" lint
    "$buf" breaking --against baseline.binpb || {
      echo "buf: a breaking change; if it is meant, and what it breaks was never released: proto/buf.sh baseline" >&2
      exit 1
    }
    ;;
  baseline)
    "$buf" build --exclude-source-info -o baseline.binpb
    ;;
  generate)
    protos=$PWD
    case $buf in /*) ;; *) buf=$PWD/$buf ;; esac
    # Relative names in the template are meant from where it lies.
    cd "$(dirname "$2")"
    "$buf" generate --template "$2" --output "$3" "$protos"
    ;;
esac
