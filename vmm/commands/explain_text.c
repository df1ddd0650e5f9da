/* SPDX-License-Identifier: MIT */
/* explain_text.c: the answer for people. */
#include "explain.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "report/text_line.h"
#include "x86.h"

#define COLUMN_TEXT 12

const char *explain_operation(const struct access *access)
{
	return access->operation == ACCESS_READ ? "read" : access->operation == ACCESS_WRITE ? "write" : "execute";
}

void explain_fault(unsigned vector, uint32_t error, uint64_t cr2, char *text, size_t size)
{
	static const struct {
		uint32_t bit;
		const char *name;
	} bits[] = {{PF_P, "P"}, {PF_W, "W"}, {PF_U, "U"}, {PF_RSVD, "RSVD"}, {PF_I, "I"}};
	const char *name = exception_name(vector);
	char words[32] = "";
	size_t used = 0;

	for (size_t i = 0; i < sizeof(bits) / sizeof(bits[0]); i++)
		if (error & bits[i].bit)
			used += (size_t)snprintf(words + used, sizeof(words) - used, "%s%s", used > 0 ? " " : "",
						 bits[i].name);
	if (vector == VECTOR_PF)
		snprintf(text, size, "#PF, error 0x%" PRIx32 " (%s), CR2 0x%" PRIx64, error, used > 0 ? words : "none",
			 cr2);
	else if (name != NULL)
		snprintf(text, size, "%s, error 0x%" PRIx32, name, error);
	else
		snprintf(text, size, "vector %u", vector);
}

void explain_predicted(const struct explanation *explanation, char *text, size_t size)
{
	const struct prediction *prediction = &explanation->prediction;

	if (prediction->faults)
		explain_fault(prediction->vector, prediction->error, explanation->access.gva, text, size);
	else
		snprintf(text, size, "no fault");
}

void explain_proved(const struct explanation *explanation, char *text, size_t size)
{
	const struct proof *proof = &explanation->proof;

	switch (proof->outcome) {
	case PROOF_FAULT:
		explain_fault(proof->vector, proof->error, proof->cr2, text, size);
		break;
	case PROOF_DONE:
		snprintf(text, size, "no fault");
		break;
	case PROOF_ODD:
		snprintf(text, size, "%s", proof->text);
		break;
	}
}

static void print_question(struct text_line *line, const struct explanation *explanation)
{
	const struct access *access = &explanation->access;

	line_color(line, COLOR_BOLD);
	line_printf(line, "%s %s%s 0x%" PRIx64, access->ring == 3 ? "user" : "kernel", explain_operation(access),
		    access->operation == ACCESS_WRITE  ? " to"
		    : access->operation == ACCESS_READ ? " of"
						       : " at",
		    access->gva);
	line_color(line, COLOR_NONE);
	if (explanation->symbol[0] != '\0') {
		line_printf(line, " (");
		line_array(line, explanation->symbol);
		line_printf(line, ")");
	}
	if (explanation->moment == AT_EVENT)
		line_printf(line, ", after event %" PRIu64, explanation->seq);
	else if (explanation->moment == AT_END)
		line_printf(line, ", at the end (%s)", explanation->reason);
	else
		line_printf(line, ", at the start");
	line_printf(line, ": process %" PRIu32 " (", explanation->pid);
	line_array(line, explanation->process);
	line_printf(line, "), CR3 0x%" PRIx64, explanation->state.cr3 & CR3_ADDRESS);
	line_end(line);
}

/* The rules that count beside the tables */
static void print_rules(struct text_line *line, const struct explanation *explanation)
{
	const struct cpu_state *state = &explanation->state;

	line_printf(line, "rules");
	line_to(line, COLUMN_TEXT);
	line_printf(line, "CR0.WP=%d, EFER.NXE=%d, CR4.SMEP=%d, CR4.SMAP=%d", (state->cr0 & CR0_WP) != 0,
		    (state->efer & EFER_NXE) != 0, (state->cr4 & CR4_SMEP) != 0, (state->cr4 & CR4_SMAP) != 0);
	if (explanation->access.ring == 0)
		line_printf(line, ", RFLAGS.AC=0");
	line_end(line);
}

static const char *leads_to(const struct walk *walk, unsigned depth)
{
	if (!(walk->entries[depth].entry & PTE_P))
		return "nothing";
	if (depth + 1 < walk->levels || !walk->present)
		return "table";
	return walk->page == PAGE_SIZE ? "page" : walk->page == LARGE_PAGE_SIZE ? "2 MiB page" : "1 GiB page";
}

static void print_entry(struct text_line *line, const struct explanation *explanation, unsigned depth)
{
	const struct walk *walk = &explanation->prediction.walk;
	const struct fault_denial *denial = &explanation->prediction.denial;
	uint64_t entry = walk->entries[depth].entry;

	line_printf(line, "%s", walk_entry_name(depth));
	line_to(line, COLUMN_TEXT);
	line_printf(line, "%5u  0x%016" PRIx64 "  %d %d %d %d   %s", walk->entries[depth].index, entry,
		    (entry & PTE_P) != 0, (entry & PTE_W) != 0, (entry & PTE_U) != 0, (entry & PTE_NX) != 0,
		    leads_to(walk, depth));
	if (entry & PTE_P)
		line_printf(line, " 0x%" PRIx64, entry & PTE_ADDRESS);
	if (denial->depth == (int)depth && denial->name != NULL)
		line_printf(line, "   <- %s decides", denial->name);
	else if (denial->depth == (int)depth)
		line_printf(line, "   <- bit %u decides", denial->bit);
	line_end(line);
}

static void print_walk(struct text_line *line, const struct explanation *explanation)
{
	const struct walk *walk = &explanation->prediction.walk;

	if (walk->levels == 0)
		return;
	line_color(line, COLOR_DIM);
	line_printf(line, "walk");
	line_to(line, COLUMN_TEXT);
	line_printf(line, "INDEX  ENTRY               P W U NX  LEADS TO");
	line_color(line, COLOR_NONE);
	line_end(line);
	for (unsigned depth = 0; depth < walk->levels; depth++)
		print_entry(line, explanation, depth);
}

static void print_field(struct text_line *line, const char *title, const char *text)
{
	line_printf(line, "%s", title);
	line_to(line, COLUMN_TEXT);
	line_string(line, text);
	line_end(line);
}

static void print_verdict(struct text_line *line, const struct explanation *explanation)
{
	line_color(line, explanation->agree ? COLOR_GREEN : COLOR_RED);
	line_printf(line, explanation->agree ? "agree" : "DISAGREE");
	line_color(line, COLOR_NONE);
	line_to(line, COLUMN_TEXT);
	line_printf(line, explanation->agree ? "the CPU did what the tables say"
					     : "the CPU did something else than the tables say");
	if (!explanation->agree && explanation->quirk != NULL) {
		line_printf(line, "; this host's quirk ");
		line_string(line, explanation->quirk);
	}
	line_end(line);
}

void explain_print_text(struct writer *out, const struct explanation *explanation, bool color)
{
	struct text_line line = {.out = out, .color = color};
	char text[EVENT_TEXT];

	print_question(&line, explanation);
	print_rules(&line, explanation);
	print_walk(&line, explanation);
	explain_predicted(explanation, text, sizeof(text));
	print_field(&line, "prediction", text);
	print_field(&line, "", explanation->prediction.why);
	explain_proved(explanation, text, sizeof(text));
	print_field(&line, "proof", text);
	line_to(&line, COLUMN_TEXT);
	line_printf(&line, "ring %u made the access in a copy of the guest%s", explanation->access.ring,
		    explanation->access.operation == ACCESS_EXECUTE && explanation->prediction.walk.present
			    ? ", where an `out` stands at the address"
			    : "");
	line_end(&line);
	print_verdict(&line, explanation);
}
