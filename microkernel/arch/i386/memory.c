/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory functions. String instructions: one instruction moves any number of bytes. */
#include "base/memory.h"

void *memcpy(void *restrict to, const void *restrict from, size_t bytes)
{
	void *start = to;
	size_t words = bytes / 4;
	size_t rest = bytes % 4;
	__asm__ volatile("rep movsl\n\t"
			 "movl %3, %%ecx\n\t"
			 "rep movsb"
			 : "+D"(to), "+S"(from), "+c"(words)
			 : "g"(rest)
			 : "memory");
	return start;
}

void *memset(void *to, int byte, size_t bytes)
{
	void *start = to;
	size_t words = bytes / 4;
	size_t rest = bytes % 4;
	__asm__ volatile("rep stosl\n\t"
			 "movl %3, %%ecx\n\t"
			 "rep stosb"
			 : "+D"(to), "+c"(words)
			 : "a"((unsigned char)byte * 0x01010101u), "g"(rest)
			 : "memory");
	return start;
}
