/* SPDX-License-Identifier: BSD-2-Clause */
/* drvctl on the host: checks manifests and explains policies with the manager's own code.
 * Talks to no running system. Exit code: 0 good, 1 something was refused, 2 wrong use or a
 * file that cannot be read. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/ports.h"
#include "host/schema.h"
#include "claims/manifest.h"
#include "claims/registry.h"

enum exit_code { EXIT_GOOD, EXIT_REFUSED, EXIT_USE };

#define RETRIES_SHOWN (POLICY_BURST_MAX + 1u)
#define CYCLE_SIZE    1024u

static const char help[] =
    "usage: drvctl COMMAND\n"
    "  check FILE...            check manifests, each alone and all together\n"
    "  policy FILE --simulate   when a driver that keeps failing would be restarted\n"
    "  schema                   print the JSON Schema of manifests\n"
    "  fields                   print the fields of manifests as a table\n"
    "  ports                    print which ports and memory can be granted, and why\n"
    "  --help                   print this\n"
    "Exit code: 0 good, 1 refused, 2 wrong use or unreadable file.\n";

static manifest_reader_t reader;
static manifest_errors_t errors;
static manifest_t manifests[REGISTRY_MAX];

static void print_errors(void)
{
	for (uint32_t i = 0; i < errors.count; i++)
		fprintf(stderr, "%s\n", errors.lines[i]);
	if (errors.dropped)
		fprintf(stderr, "%u more errors\n", errors.dropped);
}

/* The part of a path behind the last slash. */
static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

static int read_manifest(const char *path, manifest_t *manifest)
{
	char text[JSON_SIZE_MAX + 1]; /* one more: a longer file is told from the longest */
	FILE *file = fopen(path, "rb");
	if (!file) {
		perror(path);
		return EXIT_USE;
	}
	size_t size = fread(text, 1, sizeof(text), file);
	bool broken = ferror(file) != 0;
	fclose(file);
	if (broken) {
		fprintf(stderr, "%s: cannot be read\n", path);
		return EXIT_USE;
	}
	if (manifest_parse(&reader, base_name(path), text, size, manifest, &errors) == DRV_OK)
		return EXIT_GOOD;
	print_errors();
	return EXIT_REFUSED;
}

/* Conflicts among the good ones, and circles. */
static int check_together(registry_t *registry, const char *path, const manifest_t *manifest)
{
	errors.count = 0;
	errors.dropped = 0;
	err_t error = registry_add(registry, base_name(path), manifest, &errors);
	if (!error)
		return EXIT_GOOD;
	print_errors();
	return EXIT_REFUSED;
}

static int check(char **paths, int count)
{
	registry_t registry;
	int worst = EXIT_GOOD;
	if (count < 1 || count > (int)REGISTRY_MAX) {
		fprintf(stderr, "drvctl check: 1 to %u files are expected\n", REGISTRY_MAX);
		return EXIT_USE;
	}
	registry_clear(&registry);
	for (int i = 0; i < count; i++) {
		int result = read_manifest(paths[i], &manifests[i]);
		if (result == EXIT_GOOD)
			result = check_together(&registry, paths[i], &manifests[i]);
		if (result > worst)
			worst = result;
	}
	char circle[CYCLE_SIZE];
	if (registry_find_cycle(&registry, circle, sizeof(circle))) {
		fprintf(stderr, "requires: a circle: %s\n", circle);
		if (worst == EXIT_GOOD)
			worst = EXIT_REFUSED;
	}
	return worst;
}

static void print_simulation(const policy_t *policy, bool reaches_running)
{
	policy_retry_t retries[RETRIES_SHOWN];
	policy_decision_t last;
	size_t count =
	    policy_simulate(policy, reaches_running, 0, retries, RETRIES_SHOWN, &last);
	printf("%s, failing at once each time:\n",
	       reaches_running ? "Reaches Running" : "Never reaches Running");
	for (size_t i = 0; i < count; i++)
		printf("  restart %zu after %u ms, at %llu ms\n", i + 1, retries[i].delay_ms,
		       (unsigned long long)retries[i].at_ms);
	printf("  %s\n", last.action == POLICY_QUARANTINE ? "then quarantined" : "and so on");
}

static int simulate(const char *path)
{
	int result = read_manifest(path, &manifests[0]);
	if (result != EXIT_GOOD)
		return result;
	print_simulation(&manifests[0].restart.policy, true);
	print_simulation(&manifests[0].restart.policy, false);
	return EXIT_GOOD;
}

static const struct table {
	const char *command;
	void (*print)(FILE *to);
} tables[] = {
    {"schema", schema_print}, {"fields", schema_print_table}, {"ports", ports_print_table}};

int main(int argc, char **argv)
{
	const char *command = argc > 1 ? argv[1] : "";
	if (strcmp(command, "check") == 0)
		return check(argv + 2, argc - 2);
	if (strcmp(command, "policy") == 0 && argc == 4 && strcmp(argv[3], "--simulate") == 0)
		return simulate(argv[2]);
	for (size_t i = 0; argc == 2 && i < sizeof(tables) / sizeof(tables[0]); i++) {
		if (strcmp(command, tables[i].command) != 0)
			continue;
		tables[i].print(stdout);
		return EXIT_GOOD;
	}
	bool asked = strcmp(command, "--help") == 0 || strcmp(command, "-h") == 0;
	fputs(help, asked ? stdout : stderr);
	return asked ? EXIT_GOOD : EXIT_USE;
}
