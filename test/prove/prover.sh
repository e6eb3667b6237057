#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# prover.sh NAME SECONDS FILE: has one goal proved. The limit is processor time, so that a busy
# machine changes nothing. The file is written for cvc4, and cvc5 has another word for its logic.
set -euo pipefail

ulimit -t "$2"
case $1 in
z3) exec z3 -smt2 "$3" ;;
cvc4) exec cvc4 --lang=smt2 "$3" ;;
cvc5)
	sed -i 's/(set-logic ALL_SUPPORTED)/(set-logic ALL)/' "$3"
	exec cvc5 --lang=smt2 "$3"
	;;
esac
