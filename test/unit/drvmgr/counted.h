/* SPDX-License-Identifier: BSD-2-Clause */
/* Steps of code that is compiled with -fsanitize-coverage=trace-pc: a block of its code, or a
 * character of a string that it compares or measures, is one. */
#ifndef TEST_COUNTED_H
#define TEST_COUNTED_H

#include <stddef.h>
#include <stdint.h>

static uint32_t steps;

/* The compiler calls this in each block. */
void __sanitizer_cov_trace_pc(void);
void __sanitizer_cov_trace_pc(void)
{
	steps++;
}

int counted_strcmp(const char *a, const char *b);
int counted_strcmp(const char *a, const char *b)
{
	for (; *a && *a == *b; a++, b++)
		steps++;
	return (unsigned char)*a - (unsigned char)*b;
}

int counted_strncmp(const char *a, const char *b, size_t most);
int counted_strncmp(const char *a, const char *b, size_t most)
{
	for (; most && *a && *a == *b; a++, b++, most--)
		steps++;
	return most ? (unsigned char)*a - (unsigned char)*b : 0;
}

/* Four bytes are one: it compares words. */
int counted_memcmp(const void *a, const void *b, size_t bytes);
int counted_memcmp(const void *a, const void *b, size_t bytes)
{
	const unsigned char *left = a, *right = b;
	size_t i = 0;
	while (i < bytes && left[i] == right[i])
		i++;
	steps += (uint32_t)i / 4 + 1;
	return i < bytes ? left[i] - right[i] : 0;
}

size_t counted_strlen(const char *text);
size_t counted_strlen(const char *text)
{
	size_t length = 0;
	for (; text[length]; length++)
		steps++;
	return length;
}

#endif
