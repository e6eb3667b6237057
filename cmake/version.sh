#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Prints version and commit of the tree, "0.2.0 (1a2b3c4d5e6f, changed)": changed, if files that git
# knows differ from the commit. usage: version.sh [HEADER], which is written too, if it is not so yet.
set -eu
root=$(dirname "$(readlink -f "$0")")/..

# The owner of the tree may be another, as in a container.
in_git() {
	GIT_OPTIONAL_LOCKS=0 git -c "safe.directory=*" -C "$root" "$@" 2>/dev/null
}

commit="unknown commit"
# A tree without git may lie in one that is not its own.
if [ -e "$root/.git" ] && found=$(in_git rev-parse --short=12 HEAD); then
	commit=$found
	[ -z "$(in_git status --porcelain --untracked-files=no)" ] || commit="$commit, changed"
fi
version="$(cat "$root/VERSION") ($commit)"
printf '%s\n' "$version"
[ $# -eq 1 ] || exit 0
text="#define CASTELLAN \"castellan $version\""
[ -e "$1" ] && [ "$(cat "$1")" = "$text" ] || printf '%s\n' "$text" >"$1"
