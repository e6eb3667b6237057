#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# prover.sh NAME LIMIT FILE: has one goal proved. The limit is a number of steps as the prover
# counts them, in units that take about a tenth of a second on a quiet machine, so that a busy
# one gives the same answer. Why3 takes it for seconds of processor time and stops what takes
# that long: ten times what is expected, and needed, for cvc5 does not count all that it does.
# The file is written for cvc4, and cvc5 has another word for its logic.
set -euo pipefail

case $1 in
z3) exec z3 -smt2 rlimit=$(($2 * 200000)) "$3" ;;
cvc4) exec cvc4 --lang=smt2 --rlimit=$(($2 * 20000)) "$3" ;;
cvc5)
	sed -i 's/(set-logic ALL_SUPPORTED)/(set-logic ALL)/' "$3"
	exec cvc5 --lang=smt2 --rlimit=$(($2 * 12500)) "$3"
	;;
esac
