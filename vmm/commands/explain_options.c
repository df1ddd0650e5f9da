/* SPDX-License-Identifier: MIT */
/* explain_options.c: who, what, where, when. */
#include "explain_options.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

const char explain_help[] =
	"Usage: vmm explain --as user|kernel --op read|write|execute ADDR [--at start|end|SEQ] [options] IMAGE [ARG...]\n"
	"\n"
	"What will the CPU do about an access to one byte? Shows the page walk, the bit that decides and the error code\n"
	"that will come, and then makes the access for real, in a copy of the guest, and compares.\n"
	"\n"
	"  ADDR                 a number (0x401000), or a symbol of IMAGE or its kernel (main, main+0x10)\n"
	"      --as RING        user: ring 3; kernel: ring 0, with RFLAGS.AC=0, so that SMAP holds\n"
	"      --op OPERATION   read, write or execute\n"
	"      --stack          as through rsp or rbp: an address that is not canonical gives #SS, not #GP\n"
	"      --at MOMENT      start (default): before the first instruction; end; or SEQ: when the event of that number\n"
	"                       is in the report, with the same options (-f json shows the numbers)\n"
	"\n"
	"Other options are those of a run. The answer goes to standard output, or to the FILE of --output, as text or with\n"
	"-f json; what the guest writes until then goes to standard error.\n"
	"Exit status: 0: the CPU did what was predicted; 1: it did not; 125: the question could not be answered.\n";

enum { OPTION_AS = OPTION_MORE, OPTION_OP, OPTION_AT, OPTION_STACK };

static const struct option own_options[] = {
	{"as", required_argument, NULL, OPTION_AS},
	{"op", required_argument, NULL, OPTION_OP},
	{"at", required_argument, NULL, OPTION_AT},
	{"stack", no_argument, NULL, OPTION_STACK},
	{NULL, 0, NULL, 0},
};

static bool parse_ring(struct explain_options *asked, const char *text, struct vmm_error *error)
{
	asked->has_ring = true;
	asked->access.ring = strcmp(text, "user") == 0 ? 3 : 0;
	if (asked->access.ring == 3 || strcmp(text, "kernel") == 0)
		return true;
	return error_set(error, "--as: unknown ring '%.40s'; known are user and kernel", text);
}

static bool parse_operation(struct explain_options *asked, const char *text, struct vmm_error *error)
{
	static const char *const names[] = {
		[ACCESS_READ] = "read", [ACCESS_WRITE] = "write", [ACCESS_EXECUTE] = "execute"};

	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(text, names[i]) != 0)
			continue;
		asked->has_operation = true;
		asked->access.operation = (enum access_operation)i;
		return true;
	}
	return error_set(error, "--op: unknown operation '%.40s'; known are read, write and execute", text);
}

static bool parse_moment(struct explain_options *asked, const char *text, struct vmm_error *error)
{
	char *end;

	asked->moment = strcmp(text, "start") == 0 ? AT_START : strcmp(text, "end") == 0 ? AT_END : AT_EVENT;
	if (asked->moment != AT_EVENT)
		return true;
	errno = 0;
	asked->seq = strtoull(text, &end, 10);
	if (!isdigit((unsigned char)text[0]) || *end != '\0' || errno != 0)
		return error_set(
			error, "--at: '%.40s' is not a moment; give start, end, or the number of an event (seq)", text);
	return true;
}

static bool parse_own(void *context, int option, const char *text, struct vmm_error *error)
{
	struct explain_options *asked = context;

	switch (option) {
	case OPTION_AS:
		return parse_ring(asked, text, error);
	case OPTION_OP:
		return parse_operation(asked, text, error);
	case OPTION_AT:
		return parse_moment(asked, text, error);
	default:
		asked->access.stack = true;
		return true;
	}
}

static bool take_address(void *context, const char *text, struct vmm_error *error)
{
	struct explain_options *asked = context;

	asked->address = text;
	return text[0] != '\0' ? true : error_set(error, "explain: ADDR is empty");
}

bool explain_options_parse(struct explain_options *asked, struct options *options, int argc, char **argv,
			   struct vmm_error *error)
{
	const struct options_more more = {
		.options = own_options,
		.option = parse_own,
		.words = 1,
		.word = take_address,
		.missing = "explain: give ADDR and IMAGE: vmm explain --as user --op write 0x401000 hello",
		.context = asked,
	};

	*asked = (struct explain_options){0};
	if (!options_parse_more(options, argc, argv, &more, error))
		return false;
	if (options->action != ACTION_RUN)
		return true;
	if (!asked->has_ring)
		return error_set(error, "explain: --as is missing: whose access is it, --as user or --as kernel?");
	if (!asked->has_operation)
		return error_set(error, "explain: --op is missing: --op read, write or execute");
	if (options->summary || options->quiet)
		return error_set(error, "explain: %s is for a report, and there is none",
				 options->summary ? "--summary" : "--quiet");
	if (options->method == METHOD_RING && asked->moment == AT_EVENT)
		return error_set(error,
				 "explain: --at %" PRIu64
				 " with --method ring: when an event is reported the guest has "
				 "gone on; use --method trap, whose events have the same numbers",
				 asked->seq);
	if (options->expectations.count > 0)
		return error_set(error, "explain: --expect is for a whole run");
	if (strcmp(options->format, "text") != 0 && strcmp(options->format, "json") != 0)
		return error_set(error, "explain: --format %.20s: an answer is text or json", options->format);
	return true;
}

/* A whole number, hexadecimal with 0x, of `length` characters. */
static bool parse_number(const char *text, size_t length, uint64_t *value)
{
	bool hexadecimal = length > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	const char *digits = text + (hexadecimal ? 2 : 0);
	char *end;

	if (length == 0 || !isxdigit((unsigned char)digits[0]))
		return false;
	errno = 0;
	*value = strtoull(digits, &end, hexadecimal ? 16 : 10);
	return end == text + length && errno == 0;
}

bool explain_address(const struct explain_options *asked, const struct symbols *symbols, gva_t *address,
		     struct vmm_error *error)
{
	const char *text = asked->address;
	size_t length = strcspn(text, "+");
	uint64_t offset = 0;
	gva_t places[2] = {0, 0};
	unsigned count;

	if (text[length] == '+' && !parse_number(text + length + 1, strlen(text + length + 1), &offset))
		return error_set(error, "explain: '%.60s': the offset behind + is not a number", text);
	if (parse_number(text, length, address)) {
		*address += offset;
		return true;
	}
	if (isdigit((unsigned char)text[0]))
		return error_set(error, "explain: '%.60s' is not an address of at most 64 bits; give 0x... or a symbol",
				 text);
	count = symbols_find(symbols, text, length, places);
	if (count == 0)
		return error_set(error,
				 "explain: no symbol '%.*s' in the program or its kernel; give an address as 0x...",
				 (int)(length < 60 ? length : 60), text);
	if (count > 1)
		return error_set(error, "explain: '%.*s' is at 0x%" PRIx64 " and at 0x%" PRIx64 "; give the address",
				 (int)(length < 60 ? length : 60), text, places[0], places[1]);
	*address = places[0] + offset;
	return true;
}
