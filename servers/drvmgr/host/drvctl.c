/* SPDX-License-Identifier: BSD-2-Clause */
/* drvctl on the host: checks manifests and explains policies with the manager's own code.
 * Talks to no running system. CASTELLAN is name, version and commit (cmake/version.sh). The
 * help says what its exit codes mean. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cap/guess.h"
#include "host/check.h"
#include "host/ports.h"
#include "host/schema.h"
#include "host/verbs.h"

#define RETRIES_SHOWN (POLICY_BURST_MAX + 1u)

static const char help[] =
    "usage: drvctl COMMAND\n"
    "  check FILE...            check manifests, each alone and all together, or archives\n"
    "  policy FILE --simulate   when a driver that keeps failing would be restarted\n"
    "  schema [operator]        print the JSON Schema of manifests, or of what an operator\n"
    "                           is answered\n"
    "  fields [operator]        print the fields of manifests, or of those answers, as a\n"
    "                           table\n"
    "  verbs                    print what an operator can type as a table\n"
    "  ports                    print which ports and memory can be granted, and why\n"
    "  --version                print version and commit; \"changed\" if a file that git\n"
    "                           knows is not as in the commit: others are not looked at\n"
    "  --help                   print this\n"
    "Exit code: 0 good, also if one would wait for another, which is told; 1 refused, or\n"
    "drivers that require each other in a circle, which would wait for ever; 2 wrong use,\n"
    "a file that cannot be read, or an answer that cannot be written.\n";

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

/* What no give-up ends. */
static void print_endless(const policy_t *policy)
{
	if (policy->kind == POLICY_NEVER || policy->burst == 0)
		return;
	printf("Reaches Running, failing at most ");
	if (policy->burst == 1)
		printf("once");
	else
		printf("%u times", policy->burst);
	printf(" in any %u ms:\n", policy->window_ms);
	printf("  is never given up; its budget of the processor holds over all restarts\n");
}

static int simulate(const char *path)
{
	static manifest_t manifest;
	int result = check_read(path, &manifest);
	if (result != EXIT_GOOD)
		return result;
	print_simulation(&manifest.restart.policy, true);
	print_simulation(&manifest.restart.policy, false);
	print_endless(&manifest.restart.policy);
	return EXIT_GOOD;
}

static int policy(char **arguments, int count)
{
	if (count == 2 && strcmp(arguments[1], "--simulate") == 0)
		return simulate(arguments[0]);
	fputs("drvctl policy: FILE --simulate is expected\n", stderr);
	return EXIT_USE;
}

static void print_version(FILE *to)
{
	fputs("drvctl of " CASTELLAN "\n", to);
}

static void print_help(FILE *to)
{
	fputs(help, to);
}

static const struct table {
	const char *command;
	void (*print)(FILE *to);
	void (*print_operator)(FILE *to); /* the same of the operator's answers */
} tables[] = {{"schema", schema_print, verbs_print_schema},
	      {"fields", schema_print_table, verbs_print_fields},
	      {"verbs", verbs_print_table, NULL},
	      {"ports", ports_print_table, NULL},
	      {"--version", print_version, NULL},
	      {"--help", print_help, NULL},
	      {"-h", print_help, NULL}};

static int print_table(const struct table *table, char **arguments, int count)
{
	bool operator_s = count == 1 && strcmp(arguments[0], "operator") == 0;
	if (count == 0)
		table->print(stdout);
	else if (operator_s && table->print_operator)
		table->print_operator(stdout);
	else
		fprintf(stderr, "drvctl %s: %s is expected behind it\n", table->command,
			table->print_operator ? "nothing or operator" : "nothing");
	return count == 0 || (operator_s && table->print_operator) ? EXIT_GOOD : EXIT_USE;
}

/* Says which word is no command, and which one may be meant. */
static void say_unknown(const char *command)
{
	guess_t guess = {.given = command};
	guess_offer(&guess, "check");
	guess_offer(&guess, "policy");
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		guess_offer(&guess, tables[i].command);
	fprintf(stderr, "drvctl: there is no command %s%s%s%s\n", command,
		guess.best ? "; did you mean " : "", guess.best ? guess.best : "",
		guess.best ? "?" : "");
}

static int answer(int argc, char **argv)
{
	const char *command = argc > 1 ? argv[1] : "";
	if (strcmp(command, "check") == 0)
		return check_files(argv + 2, argc - 2);
	if (strcmp(command, "policy") == 0)
		return policy(argv + 2, argc - 2);
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		if (strcmp(command, tables[i].command) == 0)
			return print_table(&tables[i], argv + 2, argc - 2);
	if (*command)
		say_unknown(command);
	print_help(stderr);
	return EXIT_USE;
}

/* What was answered is of no use to whoever did not get it. */
int main(int argc, char **argv)
{
	int result = answer(argc, argv);
	bool failed = ferror(stdout) != 0;
	if (fclose(stdout) == 0 && !failed)
		return result;
	perror("drvctl: the answer cannot be written");
	return EXIT_USE;
}
