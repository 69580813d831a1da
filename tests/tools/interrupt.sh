# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# Ctrl-C and a polite kill end the command at hand, run what on_interrupt was given, and leave.

# A shell that starts us in the background makes us deaf to SIGINT, and bash cannot undo that by a trap.
if [ -z "${HEARS_SIGNALS:-}" ]; then
    HEARS_SIGNALS=1 exec env --default-signal=INT,QUIT,TERM "$0" "$@"
fi

# Ansible asks for the sudo password itself, once, where sudo needs one.
ask_for_sudo() {
    if [ "$(id -u)" -ne 0 ] && ! sudo -n true 2>/dev/null; then
        export ANSIBLE_BECOME_ASK_PASS=true
    fi
}

running=""
clean_up=()

on_interrupt() { clean_up=("$@"); }

# In the background, because bash would act on a signal only after a command in the foreground has
# ended; with SIGINT as it was, because bash makes background commands deaf to it too. Only what cleans
# up stays deaf: a second Ctrl-C must not leave half of it.
run_until_interrupted() {
    local hearing=(env "--default-signal=INT,QUIT")
    if [ -n "${CLEANING_UP:-}" ]; then
        hearing=()
    fi
    "${hearing[@]}" "$@" </dev/null &
    running=$!
    local status=0
    wait "$running" || status=$?
    running=""
    return "$status"
}

# Top down, so that a script below us still gets to clean up before it sees its own command end.
terminate_tree() {
    local children child
    children=$(cat "/proc/$1/task/"*/children 2>/dev/null) || return 0
    kill -TERM "$1" 2>/dev/null || return 0
    for child in $children; do
        terminate_tree "$child"
    done
}

interrupted() {
    trap '' INT TERM
    printf '\nInterrupted.\n'
    if [ -n "$running" ]; then
        terminate_tree "$running"
        wait "$running" || printf 'The command at hand has ended (status %d).\n' "$?"
    fi
    if [ ${#clean_up[@]} -gt 0 ]; then
        say "Cleaning up: ${clean_up[*]##*/}"
        CLEANING_UP=1 "${clean_up[@]}"
    fi
    exit 130
}
trap interrupted INT TERM
