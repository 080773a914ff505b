/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Output of entities: whole lines, stdout and stderr apart, with the entity's
 * name in front if wanted. A line longer than LINE_LIMIT is passed on in parts;
 * what stands behind the last newline is passed on when the entity ends.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kx_commands.h"
#include "run.h"

#define READ_BYTES 65536
#define LINE_LIMIT (1u << 20)
#define MANY_LINES 1000 /* behind which nobody has seen what was said before */
#define HINT       "kosix: "

struct stream {
	struct kx_run_source source;
	struct kx_run_entity *entity; /* NULL: the kernel process */
	char *prefix;                 /* "[name] ", or "" */
	int out;
	char *bytes; /* a line that has begun */
	size_t used;
	size_t room;
};

static void write_all(int fd, const char *bytes, size_t length)
{
	ssize_t written;

	while (length) {
		written = write(fd, bytes, length);
		if (written < 0 && errno == EINTR)
			continue;
		/* Nobody reads us any more: nobody wants the solution either. */
		if (written < 0) {
			kx_run_end();
			return;
		}
		bytes += written;
		length -= (size_t)written;
	}
}

/* What libkos says in the name of its entity. */
static bool is_hint(const char *line, size_t length)
{
	return length > strlen(HINT) && memcmp(line, HINT, strlen(HINT)) == 0;
}

/* Looks for --until in one line that the entity itself has printed. */
static void look(const struct stream *stream, const char *line, size_t length)
{
	const char *text = kx_run.options.until;

	if (!text || kx_run.found || !stream->entity || is_hint(line, length) ||
	    !memmem(line, length, text, strlen(text)))
		return;
	kx_run.found = true;
	kx_run_end();
}

/* Hints; loops that print without end follow it often. */
static void remember(struct kx_run_entity *entity, const char *line, size_t length)
{
	entity->since++;
	if (!is_hint(line, length))
		return;
	free(entity->hint);
	entity->hint = strndup(line + strlen(HINT), length - strlen(HINT) - 1);
	entity->since = 0;
}

/* An output of it has ended. */
static void remind(struct kx_run_entity *entity)
{
	if (--entity->outputs)
		return;
	if (entity->hint && entity->since > MANY_LINES)
		kx_complain("once more, for %lu lines came after it: %s", entity->since,
			    entity->hint);
	free(entity->hint);
	entity->hint = NULL;
}

static void put_line(const struct stream *stream, const char *line, size_t length)
{
	size_t prefix = strlen(stream->prefix);
	char *whole;

	look(stream, line, length);
	whole = prefix ? malloc(prefix + length) : NULL;
	if (!whole) {
		write_all(stream->out, line, length);
		return;
	}
	/* One write, so that lines of several writers to one terminal stay whole. */
	memcpy(whole, stream->prefix, prefix);
	memcpy(whole + prefix, line, length);
	write_all(stream->out, whole, prefix + length);
	free(whole);
}

/* Passes on what is complete; keeps the rest. */
static void put_lines(struct stream *stream)
{
	char *line = stream->bytes;
	char *end = stream->bytes + stream->used;
	char *newline;

	while (line < end && (newline = memchr(line, '\n', (size_t)(end - line)))) {
		if (stream->entity)
			remember(stream->entity, line, (size_t)(newline + 1 - line));
		put_line(stream, line, (size_t)(newline + 1 - line));
		line = newline + 1;
	}
	if ((size_t)(end - line) >= LINE_LIMIT) {
		put_line(stream, line, (size_t)(end - line));
		line = end;
	}
	stream->used = (size_t)(end - line);
	memmove(stream->bytes, line, stream->used);
}

static void close_stream(struct stream *stream)
{
	if (stream->used) {
		put_line(stream, stream->bytes, stream->used);
		/* The next line of another entity must not be glued to this one. */
		write_all(stream->out, "\n", 1);
	}
	if (stream->entity)
		remind(stream->entity);
	kx_run_unwatch(&stream->source);
	kx_run.sources--;
	free(stream->prefix);
	free(stream->bytes);
	free(stream);
}

static bool make_room(struct stream *stream)
{
	char *bytes;

	if (stream->room - stream->used >= READ_BYTES)
		return true;
	bytes = realloc(stream->bytes, stream->used + READ_BYTES);
	if (!bytes)
		return false;
	stream->bytes = bytes;
	stream->room = stream->used + READ_BYTES;
	return true;
}

static void stream_ready(struct kx_run_source *source)
{
	struct stream *stream = (struct stream *)(void *)source;
	ssize_t got;

	if (!make_room(stream)) {
		kx_complain("out of memory: some output is lost");
		stream->used = 0;
	}
	got = read(source->fd, stream->bytes + stream->used, stream->room - stream->used);
	if (got < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (got <= 0) {
		close_stream(stream);
		return;
	}
	stream->used += (size_t)got;
	put_lines(stream);
}

int kx_run_pass_output(struct kx_run_entity *entity, int fd, int out)
{
	struct stream *stream = calloc(1, sizeof(*stream));

	if (!stream)
		return -1;
	stream->out = out;
	stream->entity = entity;
	if (asprintf(&stream->prefix, kx_run.options.prefix && entity ? "[%s] " : "%.0s",
		     entity ? entity->name : "") < 0)
		stream->prefix = NULL;
	if (!stream->prefix || !make_room(stream) ||
	    kx_run_watch(&stream->source, fd, stream_ready) < 0) {
		free(stream->prefix);
		free(stream->bytes);
		free(stream);
		return -1;
	}
	kx_run.sources++;
	if (entity)
		entity->outputs++;
	return 0;
}
