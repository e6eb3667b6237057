/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory and string functions, target only: the host has its own. */
#include "cap/string.h"

#include <stdbool.h>

void *memcpy(void *restrict to, const void *restrict from, size_t bytes)
{
	void *start = to;
	size_t words = bytes / 4, rest = bytes % 4;
	__asm__ volatile("rep movsl" : "+D"(to), "+S"(from), "+c"(words) : : "memory");
	if (!__builtin_constant_p(rest) || rest)
		__asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(rest) : : "memory");
	return start;
}

void *memmove(void *to, const void *from, size_t bytes)
{
	char *target = to;
	const char *source = from;
	if (target <= source || target >= source + bytes)
		return memcpy(to, from, bytes);
	for (size_t i = bytes; i > 0; i--)
		target[i - 1] = source[i - 1];
	return to;
}

void *memset(void *to, int byte, size_t bytes)
{
	void *start = to;
	size_t words = bytes / 4, rest = bytes % 4;
	uint32_t word = (uint8_t)byte * 0x01010101u;
	__asm__ volatile("rep stosl" : "+D"(to), "+c"(words) : "a"(word) : "memory");
	__asm__ volatile("rep stosb" : "+D"(to), "+c"(rest) : "a"(word) : "memory");
	return start;
}

int memcmp(const void *a, const void *b, size_t bytes)
{
	const unsigned char *left = a, *right = b, *end = left + bytes;
	size_t words = bytes / 4;
	bool same;
	__asm__ volatile("cmp %0, %0\n\trepe cmpsl"
			 : "+S"(left), "+D"(right), "+c"(words), "=@cce"(same)
			 :
			 : "memory");
	if (!same) { /* in the last four bytes that were compared */
		left -= 4;
		right -= 4;
	}
	for (; left < end; left++, right++)
		if (*left != *right)
			return *left < *right ? -1 : 1;
	return 0;
}

size_t strlen(const char *text)
{
	size_t length = 0;
	while (text[length])
		length++;
	return length;
}

int strcmp(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return (unsigned char)*a - (unsigned char)*b;
}

int strncmp(const char *a, const char *b, size_t most)
{
	for (; most > 0 && *a && *a == *b; most--)
		a++, b++;
	return most ? (unsigned char)*a - (unsigned char)*b : 0;
}

char *strchr(const char *text, int byte)
{
	for (;; text++) {
		if (*text == (char)byte)
			return (char *)(unsigned long)text;
		if (!*text)
			return NULL;
	}
}
