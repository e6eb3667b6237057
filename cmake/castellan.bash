# SPDX-License-Identifier: BSD-2-Clause
# Completion for bash: `. cmake/castellan.bash`. Verbs of drvctl, and names of drivers, are asked of the
# running machine; without one nothing is offered.
_castellan() {
	local word=${COMP_WORDS[COMP_CWORD]} script=${COMP_WORDS[0]}
	COMPREPLY=()
	if [ "$COMP_CWORD" -eq 1 ]; then
		mapfile -t COMPREPLY < <(compgen -W "$("$script" help | sed -n 's/^  \([a-z]*\) .*/\1/p')" -- "$word")
	elif [ "${COMP_WORDS[1]}" = drvctl ]; then
		case ${COMP_WORDS[COMP_CWORD - 1]} in
		drvctl | --json) mapfile -t COMPREPLY < <(compgen -W "--json --socket $("$script" drvctl --wait 1 help 2>/dev/null | awk '{ print $1 }')" -- "$word") ;;
		*) mapfile -t COMPREPLY < <(compgen -W "$("$script" drvctl --wait 1 ps 2>/dev/null | awk 'NR > 1 { print $1 }')" -- "$word") ;;
		esac
	fi
}
complete -F _castellan castellan ./castellan
