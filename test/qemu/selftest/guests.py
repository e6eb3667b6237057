# SPDX-License-Identifier: BSD-2-Clause
"""Tiny multiboot guests, assembled on the fly, that stand in for the kernel where the
harness itself is tested. They do one thing each, in protected mode without a stack frame."""
import pathlib
import subprocess

PRELUDE = """
	.section .multiboot, "a"
	.long 0x1badb002, 0, -0x1badb002
	.text
	.globl _start
_start:
	mov $stack_top, %esp
	mov $0x3fb, %dx
	mov $3, %al /* eight bits a character */
	out %al, %dx

	/* say TEXT: writes it to the first serial port, whose status QEMU always finds good. */
	.macro say text
	.section .rodata
1:	.asciz "\\text\\n"
	.text
	mov $1b, %esi
	call print
	.endm

	/* leave VALUE: writes it to the isa-debug-exit port. */
	.macro leave_with value
	mov $\\value, %eax
	out %eax, $0xf4
	.endm
"""

POSTLUDE = """
halt:	cli
	hlt
	jmp halt

print:	lodsb
	test %al, %al
	jz 2f
	mov %al, %ah
	mov $0x3fd, %dx
1:	in %dx, %al
	test $0x20, %al
	jz 1b
	mov %ah, %al
	mov $0x3f8, %dx
	out %al, %dx
	jmp print
2:	ret

	.bss
	.space 4096
stack_top:
"""

GUESTS = {
    "reports": 'say "self-test: passed"\n leave_with 5',
    "reports_late": 'mov $20000000, %ecx\n1: loop 1b\nsay "self-test: passed"\n leave_with 5',
    "silent": "leave_with 5",
    "hangs": 'say "self-test: started"\n1: jmp 1b',
    "halts": 'say "self-test: started"',
    "panics": 'say "self-test: started"\n say "kernel panic: no reason"\n leave_with 5',
    "resets": 'say "self-test: passed"\n mov $0xfe, %al\n out %al, $0x64',
    "triple_faults": """
	say "self-test: passed"
	lidt nothing
	int3
	.section .rodata
nothing: .word 0
	.long 0
	.text""",
    # Echoes the serial line; ends behind a line end.
    "echoes": """
	say "self-test: ready"
read:	mov $0x3fd, %dx
	in %dx, %al
	test $1, %al
	jz read
	mov $0x3f8, %dx
	in %dx, %al
	out %al, %dx
	cmp $10, %al
	jne read
	leave_with 5""",
    # Traces the key A only (scan code set 1: 0x1e, 0x9e); the rest it swallows.
    "traces_keys": """
	say "self-test: ready"
poll:	in $0x64, %al
	test $1, %al
	jz poll
	in $0x60, %al
	cmp $0x1e, %al
	je down
	cmp $0x9e, %al
	jne poll
	say "input: key a up"
	jmp poll
down:	say "input: key a down"
	jmp poll""",
    "draws": """
	movl $0x07490748, 0xb8000 + 2 * 80
	say "self-test: drawn"
""",
}


def assemble(name, directory):
    """Makes the guest `name` in `directory` and answers its path."""
    source = pathlib.Path(directory) / f"{name}.s"
    built = source.with_suffix(".o")
    image = source.with_suffix(".elf")
    source.write_text(PRELUDE + GUESTS[name] + POSTLUDE)
    subprocess.run(["as", "--32", "-o", built, source], check=True)
    subprocess.run(["ld", "-m", "elf_i386", "-z", "noexecstack", "-Ttext", "0x100000",
                    "--section-start=.multiboot=0xff000", "-e", "_start",
                    "-o", image, built], check=True)
    return image
