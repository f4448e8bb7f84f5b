# Shared by the scripts; sourced, with the repository as the working folder.
# shellcheck shell=bash

# A stamp for a list of files: it changes when any of them does.
stamp_of() { cat "$@" | sha256sum | cut -d ' ' -f 1; }

# The files that decide what must be installed for the program, or for its tests as well ("dev").
lock_stamp() {
    if [ "${1:-}" = dev ]; then
        stamp_of requirements.txt requirements-dev.txt pyproject.toml script/setup
    else
        stamp_of requirements.txt pyproject.toml script/setup
    fi
}

# Whether .venv holds what the lock says; the development set holds everything of the runtime set.
is_installed() {
    [ -x .venv/bin/counter ] || return 1
    # A virtual environment knows its own place: after a move of the folder its commands are broken.
    [ "$(cat .venv/.place 2>/dev/null)" = "$PWD" ] || return 1
    [ "$(cat .venv/.stamp-dev 2>/dev/null)" = "$(lock_stamp dev)" ] && return 0
    [ "${1:-}" != dev ] && [ "$(cat .venv/.stamp-run 2>/dev/null)" = "$(lock_stamp)" ]
}
