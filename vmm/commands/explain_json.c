/* SPDX-License-Identifier: MIT */
/* explain_json.c: the answer for scripts: one object on one line, described in docs/questions.md. */
#include "explain.h"

#include "report/json_line.h"
#include "x86.h"

static void put_walk(struct json_line *line, const struct walk *walk)
{
	json_key(line, "walk");
	json_open(line, '[');
	for (unsigned depth = 0; depth < walk->levels; depth++) {
		json_open(line, '{');
		json_key(line, "level");
		json_string(line, walk_entry_name(depth));
		json_key(line, "index");
		json_unsigned(line, walk->entries[depth].index);
		json_key(line, "value");
		json_hex(line, walk->entries[depth].entry);
		json_close(line, '}');
	}
	json_close(line, ']');
}

static void put_fault(struct json_line *line, bool faults, unsigned vector, uint32_t error, uint64_t cr2)
{
	json_key(line, "fault");
	json_bool(line, faults);
	if (!faults)
		return;
	json_key(line, "vector");
	json_unsigned(line, vector);
	json_key(line, "name");
	json_string(line, exception_name(vector));
	json_key(line, "error");
	json_hex(line, error);
	if (vector != VECTOR_PF)
		return;
	json_key(line, "cr2");
	json_hex(line, cr2);
}

static void put_deciding(struct json_line *line, const struct prediction *prediction)
{
	if (!prediction->faults || prediction->denial.depth < 0)
		return;
	json_key(line, "decides");
	json_open(line, '{');
	json_key(line, "level");
	json_string(line, walk_entry_name((unsigned)prediction->denial.depth));
	json_key(line, "index");
	json_unsigned(line, prediction->walk.entries[prediction->denial.depth].index);
	json_key(line, "bit");
	json_unsigned(line, prediction->denial.bit);
	json_close(line, '}');
}

static void put_question(struct json_line *line, const struct explanation *explanation)
{
	static const char *const moments[] = {[AT_START] = "start", [AT_END] = "end", [AT_EVENT] = "event"};

	json_key(line, "type");
	json_string(line, "explanation");
	json_key(line, "as");
	json_string(line, explanation->access.ring == 3 ? "user" : "kernel");
	json_key(line, "op");
	json_string(line, explain_operation(&explanation->access));
	json_key(line, "address");
	json_hex(line, explanation->access.gva);
	if (explanation->symbol[0] != '\0') {
		json_key(line, "symbol");
		json_text(line, explanation->symbol, sizeof(explanation->symbol));
	}
	json_key(line, "at");
	json_string(line, moments[explanation->moment]);
	if (explanation->moment == AT_EVENT) {
		json_key(line, "seq");
		json_unsigned(line, explanation->seq);
	}
	json_key(line, "pid");
	json_unsigned(line, explanation->pid);
	json_key(line, "cr3");
	json_hex(line, explanation->state.cr3 & CR3_ADDRESS);
}

void explain_print_json(struct writer *out, const struct explanation *explanation)
{
	const struct prediction *prediction = &explanation->prediction;
	const struct proof *proof = &explanation->proof;
	struct json_line line = {0};

	json_begin(&line, out);
	put_question(&line, explanation);
	put_walk(&line, &prediction->walk);
	json_key(&line, "prediction");
	json_open(&line, '{');
	put_fault(&line, prediction->faults, prediction->vector, prediction->error, explanation->access.gva);
	put_deciding(&line, prediction);
	json_key(&line, "why");
	json_string(&line, prediction->why);
	json_close(&line, '}');
	json_key(&line, "proof");
	json_open(&line, '{');
	put_fault(&line, proof->outcome == PROOF_FAULT, proof->vector, proof->error, proof->cr2);
	if (proof->outcome == PROOF_ODD) {
		json_key(&line, "instead");
		json_string(&line, proof->text);
	}
	json_close(&line, '}');
	json_key(&line, "agree");
	json_bool(&line, explanation->agree);
	json_end(&line);
}
