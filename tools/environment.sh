#!/bin/sh
# Bring .venv to exactly the packages of a lock, then install mlsheet itself:
#     tools/environment.sh requirements.txt
# A stamp in .venv says what is installed, so that a second call costs nothing.
set -eu

lock=$1
supported='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'

fail() {
    echo "$*" >&2
    exit 1
}

find_python() {
    for name in ${PYTHON:-python3 python3.13 python3.12 python3.11 python}; do
        if "$name" -c "$supported" 2>/dev/null; then
            "$name" -c 'import sys; print(sys.executable)'
            return
        fi
    done
    fail "mlsheet needs Python 3.11, 3.12 or 3.13 and found none${PYTHON:+ in PYTHON=$PYTHON}:" \
        "install one (Debian: apt install python3 python3-venv) or name it: make PYTHON=/path/to/python3.13 …"
}

version_of() {
    "$1" -c 'import sys; print(sys.version.split()[0])' 2>/dev/null || echo none
}

if uv --version >/dev/null 2>&1; then has_uv=yes; else has_uv=no; fi
venv=.venv/bin/python

usable() {
    "$venv" -c "$supported" 2>/dev/null || return 1
    [ -z "${PYTHON:-}" ] || [ "$(version_of "$PYTHON")" = "$(version_of "$venv")" ] || return 1
    [ $has_uv = yes ] || "$venv" -m pip --version >/dev/null 2>&1
}

if ! usable; then
    python=$(find_python)
    echo "Creating .venv with $python ($(version_of "$python"))"
    rm -rf .venv
    if [ $has_uv = yes ]; then
        uv venv --quiet --python "$python" .venv
    else
        "$python" -c 'import ensurepip' 2>/dev/null ||
            fail "$python cannot create an environment: install its venv module (Debian: apt install python3-venv)."
        "$python" -m venv .venv
    fi
fi

stamp=.venv/$(echo "$lock" | tr / -).stamp
wanted=$(cat "$lock" pyproject.toml | cksum)
[ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ] || exit 0

install() {
    if [ $has_uv = yes ]; then
        uv pip install --quiet --python "$venv" "$@"
    else
        "$venv" -m pip install --quiet --disable-pip-version-check "$@"
    fi
}
echo "Installing the packages of $lock into .venv (a minute or two the first time)"
install --require-hashes -r "$lock"
install --no-deps --no-build-isolation -e .
echo "$wanted" > "$stamp"
