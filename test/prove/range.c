/* SPDX-License-Identifier: BSD-2-Clause */
/* Compiles the header for its proof. */
#include "base/spec/range.h"
