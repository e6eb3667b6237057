/* SPDX-License-Identifier: BSD-2-Clause */
/* What an image says of its functions: their names (.symtab; System V ABI, chapter 4), and how
 * the caller is found from any instruction of one (.debug_frame; DWARF 5, 6.4). Pure: reads the
 * image, touches nothing else. Whatever stands there, no byte beside it is read, and all that
 * is asked of it takes no longer than SYMBOLS_COST. */
#ifndef CAP_SYMBOLS_H
#define CAP_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A section of more bytes is none. */
#define SYMBOLS_MOST 0x10000u

/* What may be looked at for all questions together from symbols_open() on, in steps of some 16
 * instructions: a symbol is one, an entry of a function four, a rule in it two. Then nothing is
 * known any more. Sixteen frames of an image with 1,000 symbols and 350 functions take 40,000.
 */
#define SYMBOLS_COST 0x10000u

/* All zeros: it says nothing. */
typedef struct symbols {
	const uint8_t *symbols, *names, *frames;
	uint32_t symbol_bytes, name_bytes, frame_bytes;
	uint32_t left; /* of SYMBOLS_COST */
} symbols_t;

/* Finds the sections of an image of `size` bytes. What is missing, too large or not inside of
 * it is left out. */
void symbols_open(const void *image, size_t size, symbols_t *symbols);

/* The name of the first function that has the address, without what a compiler puts behind a
 * dot; NUL-terminated, cut if it is too long, and printable. False, and `name` is "": it has
 * none. */
bool symbols_name(symbols_t *symbols, uint32_t address, char *name, size_t size);

/* Registers that a caller is found from. */
typedef struct symbols_frame {
	uint32_t eip, esp, ebp;
} symbols_frame_t;

/* Reads a word of the stack. False: it is not known. */
typedef bool symbols_word_t(const void *context, uint32_t address, uint32_t *word);

/* Makes *frame that of the caller. `look` is the instruction: of the innermost frame eip, of a
 * caller one byte before it, since a call can be the last instruction of a function. False, and
 * *frame is untouched: the caller is not known, or there is none. Of what compilers write
 * what lies beside a register is the only expression that is understood. */
bool symbols_caller(symbols_t *symbols, uint32_t look, symbols_frame_t *frame,
		    symbols_word_t *word, const void *context);

/* Takes so many steps. False: there are not as many left, and from now on there is none. */
static inline bool symbols_spend(symbols_t *symbols, uint32_t steps)
{
	symbols->left = symbols->left < steps ? 0 : symbols->left - steps;
	return symbols->left != 0;
}

#endif
