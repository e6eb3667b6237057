/* SPDX-License-Identifier: BSD-2-Clause */
/* Checks every invariant that the kernel's headers state, on every object that is there, and
 * counts the audit report afresh. Changes nothing. */
#ifndef CHECK_H
#define CHECK_H

/* Fails the test with the number of the first invariant that does not hold. They hold between
 * any two steps of long work. */
void check_all(void);

/* The tree alone (S2 to S4). */
void check_tree(void);

/* How many capabilities the last check saw. */
unsigned check_count(void);

/* How many objects it saw that lost their last capability and are not taken apart yet. */
unsigned check_tombs(void);

#endif
