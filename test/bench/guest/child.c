/* SPDX-License-Identifier: BSD-2-Clause */
/* The process that the benchmark makes and ends: it lives, and exits at once. */
int main(void);

int main(void)
{
	return 0;
}
