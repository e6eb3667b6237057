/* SPDX-License-Identifier: BSD-2-Clause */
/* Fuzz targets of the PS/2 driver. Each takes any bytes as input and aborts if a promise does
 * not hold. libFuzzer drives them in the long form (fuzz.py); test_ps2_fuzz.c replays their
 * corpus and a number of random inputs with any compiler. */
#ifndef TEST_FUZZ_H
#define TEST_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define FUZZ_CHECK(holds, promise)                                                             \
	do {                                                                                   \
		if (!(holds)) {                                                                \
			fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, promise);   \
			abort();                                                               \
		}                                                                              \
	} while (0)

/* Bytes with times, into the decoder of scan codes and into that of packets: keys are keys, no
 * prefix and no packet dangles. */
void fuzz_decoder(const uint8_t *data, size_t size);

/* A script of what hands, devices and the controller do, and of deaths of the driver, into all
 * of it: every wait ends, no dangerous command is written, what a reader believes is what the
 * driver holds, and once the machine is sane again, so is the driver. */
void fuzz_machine(const uint8_t *data, size_t size);

#endif
