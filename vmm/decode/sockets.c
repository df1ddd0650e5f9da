/* SPDX-License-Identifier: MIT */
/* sockets.c: addresses of sockets, and their options. Layouts: Linux, include/uapi/linux/{un,in,in6,socket}.h. */
#include <arpa/inet.h>
#include <inttypes.h>
#include <string.h>

#include "kinds.h"

#define FAMILY_UNIX   1
#define FAMILY_INET   2
#define FAMILY_INET6  10
#define ADDRESS_MAX   128 /* bytes: struct sockaddr_storage */
#define LEVEL_SOCKET  1
#define INET_BYTES    16 /* struct sockaddr_in */
#define INET6_BYTES   28 /* struct sockaddr_in6, with its scope */
#define UNIX_ABSTRACT "@"

struct address {
	uint8_t bytes[ADDRESS_MAX];
	size_t count;
};

static uint32_t host_order(const uint8_t *bytes, size_t count)
{
	uint32_t value = 0;

	for (size_t i = 0; i < count; i++)
		value = value << 8 | bytes[i];
	return value;
}

/* A path ends at its NUL; a name that begins with NUL is abstract, and as long as the address. */
static void put_unix(struct decoder *decoder, const struct address *address)
{
	const uint8_t *path = address->bytes + 2;
	size_t count = address->count - 2;

	if (count == 0)
		return;
	put(decoder, ", sun_path=");
	if (path[0] == '\0') {
		put(decoder, UNIX_ABSTRACT);
		put_quoted(decoder, path + 1, count - 1, false);
	} else {
		put_quoted(decoder, path, strnlen((const char *)path, count), false);
	}
}

static void put_inet(struct decoder *decoder, const struct address *address)
{
	char text[INET_ADDRSTRLEN];

	inet_ntop(AF_INET, address->bytes + 4, text, sizeof(text));
	put(decoder, ", sin_port=htons(%" PRIu32 "), sin_addr=inet_addr(\"%s\")", host_order(address->bytes + 2, 2),
	    text);
}

static void put_inet6(struct decoder *decoder, const struct address *address)
{
	char text[INET6_ADDRSTRLEN];
	uint32_t scope;

	inet_ntop(AF_INET6, address->bytes + 8, text, sizeof(text));
	memcpy(&scope, address->bytes + 24, sizeof(scope));
	put(decoder, ", sin6_port=htons(%" PRIu32 "), sin6_flowinfo=htonl(%" PRIu32 ")",
	    host_order(address->bytes + 2, 2), host_order(address->bytes + 4, 4));
	put(decoder, ", inet_pton(AF_INET6, \"%s\", &sin6_addr), sin6_scope_id=%" PRIu32, text, scope);
}

static void put_address_value(struct decoder *decoder, uint64_t value, uint32_t count)
{
	struct address address = {.count = count < ADDRESS_MAX ? count : ADDRESS_MAX};
	uint16_t family;

	if (value == 0 || count < sizeof(family)) {
		put_address(decoder, value);
		return;
	}
	if (!fetch(decoder, value, address.bytes, address.count))
		return;
	memcpy(&family, address.bytes, sizeof(family));
	put(decoder, "{sa_family=");
	put_named(decoder, family, &socket_domains_names);
	if (family == FAMILY_UNIX) {
		put_unix(decoder, &address);
	} else if (family == FAMILY_INET && address.count >= INET_BYTES) {
		put_inet(decoder, &address);
	} else if (family == FAMILY_INET6 && address.count >= INET6_BYTES) {
		put_inet6(decoder, &address);
	} else if (address.count > sizeof(family)) {
		put(decoder, ", sa_data=");
		put_quoted(decoder, address.bytes + sizeof(family), address.count - sizeof(family), false);
	}
	put(decoder, "}");
}

/* As long as the next argument says. */
void put_socket_address(struct decoder *decoder, uint64_t value, const void *names)
{
	(void)names;
	put_address_value(decoder, value, (uint32_t)argument(decoder, decoder->index + 1));
}

/* As long as the number says to which the next argument points. */
void put_out_socket_address(struct decoder *decoder, uint64_t value, const void *names)
{
	uint64_t where = argument(decoder, decoder->index + 1);
	uint32_t count = 0;

	(void)names;
	if (where != 0)
		(void)decoder->memory->read(decoder->memory->context, where, &count, sizeof(count));
	put_address_value(decoder, value, count);
}

/* Only addresses of the internet have protocols with names. */
void put_socket_protocol(struct decoder *decoder, uint64_t value, const void *names)
{
	uint32_t family = (uint32_t)argument(decoder, 0);

	if (family == FAMILY_INET || family == FAMILY_INET6)
		put_named(decoder, (uint32_t)value, names);
	else
		put(decoder, "%" PRIu32, (uint32_t)value);
}

void put_socket_option(struct decoder *decoder, uint64_t value, const void *names)
{
	if ((uint32_t)argument(decoder, decoder->index - 1) == LEVEL_SOCKET)
		put_named(decoder, (uint32_t)value, names);
	else
		put(decoder, "%" PRIu32, (uint32_t)value);
}

/* Four bytes are a number, as of most options; others are shown as they are. */
static void put_option_value(struct decoder *decoder, uint64_t value, uint32_t count)
{
	if (count == sizeof(int32_t))
		put_int_at(decoder, value, NULL);
	else
		put_bytes_at(decoder, value, count, false);
}

void put_option(struct decoder *decoder, uint64_t value, const void *names)
{
	(void)names;
	put_option_value(decoder, value, (uint32_t)argument(decoder, decoder->index + 1));
}

void put_out_option(struct decoder *decoder, uint64_t value, const void *names)
{
	uint64_t where = argument(decoder, decoder->index + 1);
	uint32_t count = 0;

	(void)names;
	if (where != 0)
		(void)decoder->memory->read(decoder->memory->context, where, &count, sizeof(count));
	put_option_value(decoder, value, count);
}
