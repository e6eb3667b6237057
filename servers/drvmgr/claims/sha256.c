/* SPDX-License-Identifier: BSD-2-Clause */
/* The hash of sha256.h, with the names of the standard. */
#include "claims/sha256.h"

#include "cap/string.h"

#define LENGTH_SIZE 8u /* at the end of the last block: the length in bits */
#define ROUNDS	    64u

/* The first 32 bits of the fractional parts of the cube roots of the first 64 primes (4.2.2).
 */
static const uint32_t k[ROUNDS] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
    0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
    0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
    0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
    0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
    0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
    0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
    0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
    0xc67178f2};

/* The same of the square roots of the first eight (5.3.3). */
static const uint32_t initial[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
				    0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

static uint32_t rotr(uint32_t x, unsigned n)
{
	return x >> n | x << (32 - n);
}

static uint32_t read_word(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static void write_word(uint8_t *at, uint32_t word)
{
	at[0] = (uint8_t)(word >> 24);
	at[1] = (uint8_t)(word >> 16);
	at[2] = (uint8_t)(word >> 8);
	at[3] = (uint8_t)word;
}

/* The message schedule (6.2.2, step 1). */
static void schedule(uint32_t w[ROUNDS], const uint8_t *block)
{
	for (unsigned t = 0; t < 16; t++)
		w[t] = read_word(block + 4 * t);
	for (unsigned t = 16; t < ROUNDS; t++) {
		uint32_t x = w[t - 15], y = w[t - 2];
		uint32_t sigma0 = rotr(x, 7) ^ rotr(x, 18) ^ x >> 3;
		uint32_t sigma1 = rotr(y, 17) ^ rotr(y, 19) ^ y >> 10;
		w[t] = sigma1 + w[t - 7] + sigma0 + w[t - 16];
	}
}

/* v holds a to h (6.2.2, steps 2 to 4). */
static void add_block(uint32_t h[8], const uint8_t *block)
{
	uint32_t w[ROUNDS], v[8];
	schedule(w, block);
	memcpy(v, h, sizeof(v));
	for (unsigned t = 0; t < ROUNDS; t++) {
		uint32_t sum1 = rotr(v[4], 6) ^ rotr(v[4], 11) ^ rotr(v[4], 25);
		uint32_t sum0 = rotr(v[0], 2) ^ rotr(v[0], 13) ^ rotr(v[0], 22);
		uint32_t ch = (v[4] & v[5]) ^ (~v[4] & v[6]);
		uint32_t maj = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
		uint32_t t1 = v[7] + sum1 + ch + k[t] + w[t];
		for (unsigned i = 7; i > 0; i--)
			v[i] = v[i - 1];
		v[4] += t1;
		v[0] = t1 + sum0 + maj;
	}
	for (unsigned i = 0; i < 8; i++)
		h[i] += v[i];
}

/* The last bytes, a one bit, zeros, and the length in bits (5.1.1). */
static void add_end(uint32_t h[8], const uint8_t *rest, size_t size)
{
	uint8_t blocks[2 * SHA256_BLOCK] = {0};
	size_t left = size % SHA256_BLOCK;
	size_t padded = left + 1 + LENGTH_SIZE > SHA256_BLOCK ? 2 * SHA256_BLOCK : SHA256_BLOCK;
	memcpy(blocks, rest, left);
	blocks[left] = 0x80;
	write_word(blocks + padded - 8, (uint32_t)((uint64_t)size >> 29));
	write_word(blocks + padded - 4, (uint32_t)size << 3);
	for (size_t at = 0; at < padded; at += SHA256_BLOCK)
		add_block(h, blocks + at);
}

void sha256_begin(sha256_t *hash)
{
	memcpy(hash->h, initial, sizeof(initial));
}

void sha256_add(sha256_t *hash, const void *data, size_t blocks)
{
	const uint8_t *block = data;
	for (; blocks > 0; blocks--, block += SHA256_BLOCK)
		add_block(hash->h, block);
}

void sha256_end(sha256_t *hash, const void *rest, size_t size, uint8_t digest[SHA256_SIZE])
{
	add_end(hash->h, rest, size);
	for (unsigned i = 0; i < 8; i++)
		write_word(digest + 4 * i, hash->h[i]);
}
