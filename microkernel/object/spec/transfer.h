/* SPDX-License-Identifier: BSD-2-Clause */
/* What object/transfer.h promises, for the proofs (docs/proof.md). Nothing here is compiled. */
#ifndef OBJECT_SPEC_TRANSFER_H
#define OBJECT_SPEC_TRANSFER_H

#include "object/transfer.h"

/* This function is assembly: what it promises is trusted, not proved. */
/*@ requires \valid(to + (0 .. words - 1)) && \valid_read(from + (0 .. words - 1));
    requires \separated(to + (0 .. words - 1), from + (0 .. words - 1));
    assigns to[0 .. words - 1];
    ensures \forall integer i; 0 <= i < words ==> to[i] == \old(from[i]); */
void arch_copy_words(uint32_t *to, const uint32_t *from, uint32_t words);

/*@ requires 2 < words <= MSG_WORDS && \separated(to, from);
    requires \valid(&to->words[2 .. words - 1]) && \valid_read(&from->words[2 .. words - 1]);
    assigns to->words[2 .. words - 1];
    ensures \forall integer i; 0 <= i < words - 2 ==>
      to->words[2 + i] == \old(from->words[2 + i]); */
static inline void transfer_words(message_buffer_t *to, const message_buffer_t *from,
				  uint32_t words);

#endif
