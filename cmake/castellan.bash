# SPDX-License-Identifier: BSD-2-Clause
# Completion for bash: `. cmake/castellan.bash`. Verbs of drvctl, and names of drivers, are asked of the
# running machine; without one, those that need none are offered.

# _castellan_offer WORDS: those of them that begin with what is typed.
_castellan_offer() {
	mapfile -t COMPREPLY < <(compgen -W "$1" -- "${COMP_WORDS[COMP_CWORD]}")
}

# _castellan_files END: folders, and files whose names end so.
_castellan_files() {
	local word=${COMP_WORDS[COMP_CWORD]}
	compopt -o filenames 2>/dev/null
	mapfile -t COMPREPLY < <(compgen -d -- "$word"; compgen -f -X "!*$1" -- "$word")
}

# _castellan_ask VERB: the first word of each row that it answers.
_castellan_ask() {
	"${COMP_WORDS[0]}" drvctl "${socket[@]}" --wait 1 "$1" 2>/dev/null | awk '{ print $1 }'
}

_castellan_drvctl() {
	local at verb='' socket=() before=${COMP_WORDS[COMP_CWORD - 1]}
	for ((at = 2; at < COMP_CWORD; at++)); do
		case ${COMP_WORDS[at]} in
		--socket) socket=(--socket "${COMP_WORDS[++at]}") ;;
		--wait) at=$((at + 1)) ;;
		-*) ;;
		*) verb=${verb:-${COMP_WORDS[at]}} ;;
		esac
	done
	case $before in
	--socket) _castellan_files '' && return ;;
	--wait) return ;;
	--level) _castellan_offer 'error warn info debug' && return ;;
	esac
	case $verb in
	'') _castellan_offer "--json --socket --wait load check policy schema fields ports $(_castellan_ask help)" ;;
	check | policy) _castellan_files .drv.json ;;
	load)
		if [ "$before" = load ]; then _castellan_files .elf; else _castellan_files .drv.json; fi
		;;
	help) _castellan_offer "$(_castellan_ask help)" ;;
	log) _castellan_offer "-f --level --from $(_castellan_ask ps | sed 1d)" ;;
	top) _castellan_offer --once ;;
	schema | fields | ports | ps | audit | reboot) ;;
	*) _castellan_offer "$(_castellan_ask ps | sed 1d)" ;;
	esac
}

# What `castellan help` begins a row with.
_castellan_verbs() {
	"${COMP_WORDS[0]}" help | sed -n 's/^  \([a-z]*\) .*/\1/p'
}

_castellan() {
	COMPREPLY=()
	[ "$COMP_CWORD" -gt 1 ] || { _castellan_offer "$(_castellan_verbs)" && return; }
	case ${COMP_WORDS[1]} in
	drvctl) _castellan_drvctl ;;
	run) _castellan_offer '--headless --curses --calls --' ;;
	build) _castellan_offer 'release debug release-clang debug-clang' ;;
	help) _castellan_offer "$(_castellan_verbs)" ;;
	break) _castellan_files .c ;;
	record | replay | timeline) _castellan_files '' ;;
	esac
}
complete -F _castellan castellan ./castellan
