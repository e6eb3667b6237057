/* SPDX-License-Identifier: BSD-2-Clause */
/* A byte ring for one producer and one consumer, in one process or over shared memory. The
 * indices run freely and wrap at 2^32; the capacity is a power of two. Neither side trusts
 * the other's index further than the capacity. */
#ifndef CAP_RING_H
#define CAP_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct ring {
	uint8_t *data;
	uint32_t size;	     /* bytes, a power of two */
	uint32_t head;	     /* next byte to write; only the producer changes it */
	uint32_t tail;	     /* next byte to read; only the consumer changes it */
	uint32_t dropped;    /* records refused because the ring was full */
	uint32_t high_water; /* most bytes ever held */
} ring_t;

/* `data` holds `size` bytes, a power of two. */
void ring_init(ring_t *ring, void *data, uint32_t size);

/* Bytes held now, at most size. */
uint32_t ring_used(const ring_t *ring);

/* Bytes that can still be put. */
uint32_t ring_free(const ring_t *ring);

/* Puts all of `bytes` or nothing: false, and one more `dropped`, if there is no room. */
bool ring_put(ring_t *ring, const void *from, uint32_t bytes);

/* Takes up to `most` bytes and returns how many; 0 when empty. */
uint32_t ring_get(ring_t *ring, void *to, uint32_t most);

/* Forgets what is held; counters stay. */
void ring_clear(ring_t *ring);

#endif
