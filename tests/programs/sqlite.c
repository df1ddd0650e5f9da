/* SPDX-License-Identifier: MIT */
/* sqlite.c: runs the SQL of standard input and prints the rows: sqlite DATABASE. Linked with Debian's libsqlite3.a. */
#include <sqlite3.h>
#include <stdio.h>

static int print_row(void *unused, int count, char **values, char **names)
{
	(void)unused;
	(void)names;
	for (int i = 0; i < count; i++)
		printf("%s%s", i > 0 ? "|" : "", values[i] != NULL ? values[i] : "NULL");
	printf("\n");
	return 0;
}

int main(int argc, char **argv)
{
	static char text[65536];
	char *message = NULL;
	sqlite3 *database;
	size_t count = fread(text, 1, sizeof(text) - 1, stdin);

	text[count] = '\0';
	if (argc != 2 || sqlite3_open(argv[1], &database) != SQLITE_OK)
		return 2;
	if (sqlite3_exec(database, text, print_row, NULL, &message) != SQLITE_OK) {
		fprintf(stderr, "%s\n", message);
		sqlite3_close(database);
		return 1;
	}
	return sqlite3_close(database) != SQLITE_OK;
}
