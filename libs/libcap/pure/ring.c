/* SPDX-License-Identifier: BSD-2-Clause */
/* The byte ring of cap/ring.h. No system calls; also compiled for the host. */
#include "cap/ring.h"

#include "cap/string.h"

void ring_init(ring_t *ring, void *data, uint32_t size)
{
	*ring = (ring_t){.data = data, .size = size};
}

uint32_t ring_used(const ring_t *ring)
{
	uint32_t used = ring->head - ring->tail;
	return used <= ring->size ? used : ring->size;
}

uint32_t ring_free(const ring_t *ring)
{
	return ring->size - ring_used(ring);
}

bool ring_put(ring_t *ring, const void *from, uint32_t bytes)
{
	uint32_t at = ring->head & (ring->size - 1), first = ring->size - at;
	if (bytes > ring_free(ring)) {
		ring->dropped++;
		return false;
	}
	if (first > bytes)
		first = bytes;
	memcpy(&ring->data[at], from, first);
	memcpy(ring->data, (const uint8_t *)from + first, bytes - first);
	ring->head += bytes;
	uint32_t used = ring_used(ring);
	if (used > ring->high_water)
		ring->high_water = used;
	return true;
}

uint32_t ring_get(ring_t *ring, void *to, uint32_t most)
{
	uint8_t *target = to;
	uint32_t bytes = ring_used(ring);
	if (bytes > most)
		bytes = most;
	for (uint32_t i = 0; i < bytes; i++)
		target[i] = ring->data[(ring->tail + i) & (ring->size - 1)];
	ring->tail += bytes;
	return bytes;
}

void ring_clear(ring_t *ring)
{
	ring->tail = ring->head;
}
