/* May this principal do this, there?  cc decide.c $(pkg-config --cflags
 * --libs actas) && ./a.out access.md sp-worker get-secret kv-data */
#include <actas.h>

#include <stdio.h>

int
main(int argc, char **argv)
{
	struct actas_estate *estate = NULL;
	struct actas_decision *decision = NULL;
	struct actas_failure failure = {0};
	int status = 2;

	if (argc != 5) {
		fprintf(stderr, "usage: %s SOURCE PRINCIPAL ACTION SCOPE\n",
		    argv[0]);
		return 2;
	}
	if (actas_load(argv[1], &estate, &failure) != ACTAS_SUCCESS ||
	    actas_decide(estate, argv[2], argv[3], argv[4], &decision,
		&failure) != ACTAS_SUCCESS) {
		fprintf(stderr, "%s\n", failure.message);
	} else {
		status = actas_decision_allowed(decision) ? 0 : 1;
		printf("%s: %s\n", status == 0 ? "allow" : "deny",
		    actas_decision_reason(decision));
	}
	actas_decision_free(decision);
	actas_estate_free(estate);
	return status;
}
