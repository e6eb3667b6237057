#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Tests of drvctl's commands, output and exit codes. usage: test_drvctl.sh DRVCTL SOURCE_DIR
set -u
drvctl=$1
source=$2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failed=0

# expect CODE TEXT ARGUMENT...: the exit code, and a text in what is printed; an empty text
# stands for silence.
expect() {
	code=$1
	text=$2
	shift 2
	"$drvctl" "$@" >"$scratch/output" 2>&1
	got=$?
	if [ -z "$text" ]; then
		[ ! -s "$scratch/output" ]
	else
		grep -qF -- "$text" "$scratch/output"
	fi
	# shellcheck disable=SC2181 # of the if above
	if [ $? -ne 0 ] || [ "$got" -ne "$code" ]; then
		echo "drvctl $*: exit code $got, expected $code and: $text"
		cat "$scratch/output"
		failed=1
	fi
}

good='{"name":"a","abi":1,"caps":{"irq":[5]},"requires":["b"],"restart":"always"}'
echo "$good" >"$scratch/a.drv.json"
echo '{"name":"b","abi":1,"caps":{"irq":[6]}}' >"$scratch/b.drv.json"
echo '{"name":"taken","abi":1,"caps":{"irq":[5]}}' >"$scratch/taken.drv.json"
echo '{"name":"other","abi":1}' >"$scratch/called.drv.json"
echo '{"name":"c","abi":1,"caps":{"irq":[16]}}' >"$scratch/bad.drv.json"

printf '\177ELF\1\1' >"$scratch/program.drv.json"
expect 1 "program.drv.json:1:1: an ELF file, no manifest" check "$scratch/program.drv.json"
expect 2 "drvctl: there is no command chek; did you mean check?" chek x
expect 2 "drvctl: there is no command frobnicate" frobnicate

# The commit may have changed since the build.
expect 0 "drvctl of castellan $(cat "$source/VERSION") (" --version
expect 0 '' check "$scratch/a.drv.json"
expect 0 '' check "$scratch/a.drv.json" "$scratch/b.drv.json"
expect 1 'bad.drv.json:1:36: caps.irq[0]: 16 is outside 0..15' check "$scratch/bad.drv.json"
manifest_with() {
	echo "{\"name\":\"d\",\"abi\":1,\"caps\":{$1}}" >"$scratch/d.drv.json"
}
manifest_with '"pio":[{"start":96,"end":100}],"mmio":[{"base":"0xa0000","size":"0x50000"}]'
expect 0 '' check "$scratch/d.drv.json"
manifest_with '"pio":[{"start":"0x510","end":"0x51b"}]'
expect 1 'd.drv.json:1:36: caps.pio[0]: 0x510..0x51b can be granted to no driver' \
	check "$scratch/d.drv.json"
manifest_with '"mmio":[{"base":"0xfeeff000","size":"0x1000"}]'
expect 1 'd.drv.json:1:37: caps.mmio[0]: 0xfeeff000..0xfeefffff is not inside the ISA window' \
	check "$scratch/d.drv.json"
expect 0 'taken.drv.json: waits for a: line 5 (taken.drv.json:1:40), which it gets first (a.drv.json:1:36)' \
	check "$scratch/a.drv.json" "$scratch/taken.drv.json"
expect 1 'called.drv.json:1:1: name: "other" must be in a file other.drv.json' \
	check "$scratch/called.drv.json"

echo '{"name":"e","abi":1,"provides":["b"]}' >"$scratch/e.drv.json"
owned='e.drv.json:1:32: provides: "b" is the name of the driver of b.drv.json'
expect 1 "$owned" check "$scratch/e.drv.json" "$scratch/b.drv.json"
expect 1 "$owned" check "$scratch/b.drv.json" "$scratch/e.drv.json"
tar --create --file="$scratch/owned.tar" --format=ustar --directory="$scratch" e.drv.json b.drv.json
expect 1 "$owned" check "$scratch/owned.tar"

# What one archive has, the next one has not.
cp "$(dirname "$drvctl")/bin/serial.elf" "$scratch/foo.elf"
echo '{"name":"foo","abi":1}' >"$scratch/foo.drv.json"
yes '          ' | head -n 1000 >"$scratch/long.drv.json"
tar --create --file="$scratch/one.tar" --format=ustar --directory="$scratch" foo.drv.json foo.elf
tar --create --file="$scratch/two.tar" --format=ustar --directory="$scratch" long.drv.json foo.elf
expect 1 'foo.elf: no manifest names it' check "$scratch/two.tar"
expect 1 'foo.elf: no manifest names it' check "$scratch/one.tar" "$scratch/two.tar"

# An archive is checked as the manager would load it.
tar --create --file="$scratch/bad.tar" --format=ustar --hard-dereference \
	--directory="$scratch" a.drv.json a.drv.json
expect 1 'a.drv.json: is in the archive twice, so neither is taken' check "$scratch/bad.tar"
expect 1 'boot.list: is not in the archive' check "$scratch/bad.tar"
tar --create --file="$scratch/bad.tar" --format=ustar --directory="$scratch" b.drv.json
expect 1 'b.drv.json: image b.elf is not in the archive' check "$scratch/bad.tar"
ln -s a.drv.json "$scratch/link.drv.json"
tar --create --file="$scratch/bad.tar" --format=ustar --directory="$scratch" link.drv.json
expect 1 'link.drv.json: is a link, and only files are taken' check "$scratch/bad.tar"
mkdir "$scratch/below"
tar --create --file="$scratch/bad.tar" --format=ustar --directory="$scratch/below" -P ../a.drv.json
expect 1 '../a.drv.json: leads out of the archive' check "$scratch/bad.tar"
expect 2 'none.tar' check "$scratch/none.tar"
mkdir "$scratch/dir.tar"
expect 2 'dir.tar: Is a directory' check "$scratch/dir.tar"
cp "$(dirname "$drvctl")/bin/serial.elf" "$scratch/needy.elf"
echo '{"name":"needy","abi":1,"requires":["nobody"]}' >"$scratch/needy.drv.json"
: >"$scratch/boot.list"
tar --create --file="$scratch/good.tar" --format=ustar --directory="$scratch" \
	boot.list needy.drv.json needy.elf
expect 0 'needy.drv.json: requires nobody, which nobody provides' check "$scratch/good.tar"

echo '{"name":"b","abi":1,"requires":["a"]}' >"$scratch/b.drv.json"
expect 1 'a circle: a -> b -> a' check "$scratch/a.drv.json" "$scratch/b.drv.json"
expect 2 'none.drv.json' check "$scratch/none.drv.json"
expect 2 'files are expected' check
expect 0 'restart 5 after 800 ms, at 1500 ms' policy "$scratch/a.drv.json" --simulate
expect 0 'then quarantined' policy "$scratch/a.drv.json" --simulate
expect 0 'failing at most 5 times in any 60000 ms' policy "$scratch/a.drv.json" --simulate
echo '{"name":"once","abi":1,"restart":{"policy":"on-failure","burst":1}}' >"$scratch/once.drv.json"
expect 0 'failing at most once in any 60000 ms' policy "$scratch/once.drv.json" --simulate
expect 1 'outside' policy "$scratch/bad.drv.json" --simulate
expect 2 'drvctl policy: FILE --simulate is expected' policy "$scratch/a.drv.json"
expect 2 'drvctl policy: FILE --simulate is expected' policy "$scratch/a.drv.json" simulate
expect 0 'draft/2020-12' schema
expect 0 'the driver'"'"'s name, unique' fields
expect 0 '| port 0x60..0x64 | drivers |' ports
expect 0 '| port 0xcf8..0xcff | the manager alone |' ports
expect 0 '"answer.ps"' schema operator
expect 0 '| array of frame |' fields operator
expect 0 '| the drivers, how they are' verbs
expect 2 'drvctl schema: nothing or operator is expected behind it' schema answers
expect 2 'drvctl schema: nothing or operator is expected behind it' schema operator again
expect 2 'drvctl verbs: nothing is expected behind it' verbs operator
expect 2 'drvctl ports: nothing is expected behind it' ports everything
expect 0 'ports                    print which' --help
expect 0 'usage' --help
expect 0 'drivers that require each other in a circle, which would wait for ever' --help
expect 2 'drvctl --help: nothing is expected behind it' --help check
expect 2 'usage'
expect 2 'usage' nonsense

# An answer that is not written is none.
written() {
	"$drvctl" "$@" >/dev/full 2>"$scratch/output"
	got=$?
	if [ "$got" -ne 2 ] || ! grep -q 'the answer cannot be written' "$scratch/output"; then
		echo "drvctl $* >/dev/full: exit code $got, expected 2"
		failed=1
	fi
}
written schema
written fields
written ports
written --help
written --version
written policy "$scratch/a.drv.json" --simulate
written check "$scratch/a.drv.json" "$scratch/taken.drv.json"

# Every manifest of the tree is good, alone and beside the others.
cd "$source" || exit 1
manifests=$(find drivers servers -name '*.drv.json')
if [ -n "$manifests" ]; then
	# shellcheck disable=SC2086 # one word per file
	expect 0 '' check $manifests
fi
exit "$failed"
