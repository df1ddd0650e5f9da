/* SPDX-License-Identifier: MIT */
/* finding.c: fills in what a probe found. */
#include "finding.h"

#include <stdarg.h>
#include <stdio.h>

static void set(struct finding *finding, enum finding_result result, const char *name, const char *format,
		va_list arguments)
{
	*finding = (struct finding){.result = result};
	snprintf(finding->quirk, sizeof(finding->quirk), "%s", name);
	vsnprintf(finding->text, sizeof(finding->text), format, arguments);
}

bool finding_yes(struct finding *finding)
{
	*finding = (struct finding){.result = FINDING_OK};
	return true;
}

bool finding_ok(struct finding *finding, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	set(finding, FINDING_OK, "", format, arguments);
	va_end(arguments);
	return true;
}

bool finding_no(struct finding *finding, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	set(finding, FINDING_NO, "", format, arguments);
	va_end(arguments);
	return false;
}

bool finding_quirk(struct finding *finding, const char *name, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	set(finding, FINDING_QUIRK, name, format, arguments);
	va_end(arguments);
	return false;
}
