/* SPDX-License-Identifier: BSD-2-Clause */
/* `drvctl check`: manifests alone and together, and whole archives, with the manager's own code
 * and words. Host only. */
#ifndef DRVMGR_HOST_CHECK_H
#define DRVMGR_HOST_CHECK_H

#include "claims/manifest.h"

enum exit_code { EXIT_GOOD, EXIT_REFUSED, EXIT_USE };

/* Checks the files: those that end in .tar each as the manager would load it, all others
 * together as manifests. Prints what is refused and who would wait for whom. An exit code. */
int check_files(char **paths, int count);

/* Reads a manifest and prints what is wrong with it. An exit code; EXIT_GOOD: *manifest is set.
 */
int check_read(const char *path, manifest_t *manifest);

#endif
