/* SPDX-License-Identifier: MIT */
/* perfetto_tracks.c: TrackDescriptor, ProcessTree, and counters. */
#include "perfetto_tracks.h"

#include <stdio.h>
#include <string.h>

static size_t open_track(struct perfetto_packet *packet, uint64_t uuid)
{
	size_t opened;

	packet_open(packet);
	opened = protobuf_open(&packet->body, PACKET_TRACK_DESCRIPTOR);
	protobuf_number(&packet->body, DESCRIPTOR_UUID, uuid);
	return opened;
}

static void close_track(struct perfetto_packet *packet, size_t opened)
{
	protobuf_close(&packet->body, opened);
	packet_close(packet);
}

void track_describe_vmm(struct perfetto_packet *packet, const char *image)
{
	size_t opened = open_track(packet, track_id(TRACK_VMM, 0));
	char name[96];

	snprintf(name, sizeof(name), "vmm: %.80s", image);
	protobuf_text(&packet->body, DESCRIPTOR_NAME, name, sizeof(name));
	close_track(packet, opened);
}

static size_t open_child(struct perfetto_packet *packet, uint64_t uuid, uint64_t parent, const char *name)
{
	size_t opened = open_track(packet, uuid);

	if (parent)
		protobuf_number(&packet->body, DESCRIPTOR_PARENT, parent);
	protobuf_text(&packet->body, DESCRIPTOR_NAME, name, SIZE_MAX);
	return opened;
}

static void put_counter(struct perfetto_packet *packet)
{
	size_t opened = protobuf_open(&packet->body, DESCRIPTOR_COUNTER);

	protobuf_number(&packet->body, COUNTER_FIELD_UNIT, UNIT_COUNT);
	protobuf_close(&packet->body, opened);
}

static void describe_of_cpu(struct perfetto_packet *packet, enum track_kind kind, unsigned cpu, const char *name)
{
	size_t opened = open_child(packet, track_id(kind, cpu), track_id(TRACK_CPU, cpu), name);

	protobuf_number(&packet->body, DESCRIPTOR_SIBLING_RANK, kind - TRACK_CPU);
	if (kind == TRACK_EXITS)
		put_counter(packet);
	close_track(packet, opened);
}

void track_describe_cpu(struct perfetto_packet *packet, unsigned cpu)
{
	char name[24];
	size_t opened;

	snprintf(name, sizeof(name), "CPU %u", cpu);
	opened = open_child(packet, track_id(TRACK_CPU, cpu), 0, name);
	protobuf_number(&packet->body, DESCRIPTOR_CHILD_ORDERING, ORDERING_EXPLICIT);
	close_track(packet, opened);
	describe_of_cpu(packet, TRACK_RING3, cpu, "ring 3");
	describe_of_cpu(packet, TRACK_RING0, cpu, "ring 0");
	describe_of_cpu(packet, TRACK_HOST, cpu, "host");
	describe_of_cpu(packet, TRACK_EXITS, cpu, "exits");
}

void track_describe_nobody(struct perfetto_packet *packet, unsigned cpu)
{
	describe_of_cpu(packet, TRACK_NOBODY, cpu, "no process");
}

void track_describe_observed(struct perfetto_packet *packet)
{
	size_t opened = open_child(packet, track_id(TRACK_OBSERVED, 0), 0, "exits of observation");

	put_counter(packet);
	close_track(packet, opened);
}

void track_describe_process(struct perfetto_packet *packet, uint32_t pid, const char *name, size_t limit)
{
	size_t opened = open_track(packet, track_id(TRACK_PROCESS, pid));
	size_t process = protobuf_open(&packet->body, DESCRIPTOR_PROCESS);

	protobuf_number(&packet->body, PROCESS_FIELD_PID, pid);
	if (name[0])
		protobuf_text(&packet->body, PROCESS_FIELD_NAME, name, limit);
	protobuf_close(&packet->body, process);
	close_track(packet, opened);
}

void track_describe_thread(struct perfetto_packet *packet, uint32_t pid, uint32_t tid, const char *name, size_t limit)
{
	size_t opened = open_track(packet, track_id(TRACK_THREAD, tid));
	size_t thread;

	protobuf_number(&packet->body, DESCRIPTOR_PARENT, track_id(TRACK_PROCESS, pid));
	thread = protobuf_open(&packet->body, DESCRIPTOR_THREAD);
	protobuf_number(&packet->body, THREAD_FIELD_PID, pid);
	protobuf_number(&packet->body, THREAD_FIELD_TID, tid);
	if (name[0])
		protobuf_text(&packet->body, THREAD_FIELD_NAME, name, limit);
	protobuf_close(&packet->body, thread);
	close_track(packet, opened);
}

void track_describe_resident(struct perfetto_packet *packet, uint32_t pid)
{
	size_t opened =
		open_child(packet, track_id(TRACK_RESIDENT, pid), track_id(TRACK_PROCESS, pid), "resident pages");

	put_counter(packet);
	close_track(packet, opened);
}

void track_process_tree(struct perfetto_packet *packet, uint64_t ns, uint32_t pid, uint32_t parent, const char *name,
			size_t limit)
{
	size_t tree, process;

	packet_open(packet);
	protobuf_number(&packet->body, PACKET_TIMESTAMP, ns);
	tree = protobuf_open(&packet->body, PACKET_PROCESS_TREE);
	process = protobuf_open(&packet->body, TREE_PROCESSES);
	protobuf_number(&packet->body, TREE_PID, pid);
	if (parent)
		protobuf_number(&packet->body, TREE_PARENT, parent);
	if (name[0])
		protobuf_text(&packet->body, TREE_COMMAND_LINE, name, limit);
	protobuf_close(&packet->body, process);
	protobuf_close(&packet->body, tree);
	packet_close(packet);
}

void track_count(struct perfetto_packet *packet, uint64_t ns, uint64_t track, uint64_t value)
{
	packet_track_event(packet, ns, COUNTER, track);
	protobuf_number(&packet->body, TRACK_EVENT_COUNTER_VALUE, value);
	packet_close(packet);
}
