/* SPDX-License-Identifier: BSD-2-Clause */
/* A target of fuzz.h, FUZZ_TARGET, as libFuzzer wants it. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FUZZ_TARGET(data, size);
	return 0;
}
