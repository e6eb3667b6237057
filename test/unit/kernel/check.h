/* SPDX-License-Identifier: BSD-2-Clause */
/* Checks every invariant that the kernel's headers state, on every object that is there, and
 * counts the audit report afresh. Changes nothing. */
#ifndef CHECK_H
#define CHECK_H

/* Fails the test with the number of the first invariant that does not hold. Needs finished
 * work: nothing half destroyed. */
void check_all(void);

/* The tree alone (S1 to S4), also in the middle of work. */
void check_tree(void);

/* How many capabilities the last check saw. */
unsigned check_count(void);

#endif
