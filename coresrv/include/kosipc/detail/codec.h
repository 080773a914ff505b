/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KOSIPC_DETAIL_CODEC_H
#define KOSIPC_DETAIL_CODEC_H

/*
 * How C++ values travel. A codec has Value, size and align of what stands in
 * the message, Put (value to message and arena; false: does not fit) and Get
 * (false: what came is no such value). Addresses may be unaligned; nothing that
 * came is trusted.
 */

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <handle/handletype.h>
#include <nk/arena.h>
#include <nk/types.h>

namespace kosipc::detail
{

inline void *At(void *base, std::size_t offset)
{
	return static_cast<char *>(base) + offset;
}

inline const void *At(const void *base, std::size_t offset)
{
	return static_cast<const char *>(base) + offset;
}

template <class T> struct Scalar {
	using Value = T;
	static constexpr std::size_t size = sizeof(T);
	static constexpr std::size_t align = alignof(T);

	static bool Put(nk_arena *, void *at, const Value &value)
	{
		std::memcpy(at, &value, sizeof(value));
		return true;
	}

	static bool Get(const nk_arena *, const void *at, Value &value)
	{
		std::memcpy(&value, at, sizeof(value));
		return true;
	}
};

struct HandleValue {
	using Value = ::Handle;
	static constexpr std::size_t size = sizeof(nk_handle_desc_t);
	static constexpr std::size_t align = alignof(nk_handle_desc_t);

	static bool Put(nk_arena *, void *at, const Value &value)
	{
		const nk_handle_desc_t desc = nk_handle_desc(value);

		std::memcpy(at, &desc, sizeof(desc));
		return true;
	}

	static bool Get(const nk_arena *, const void *at, Value &value)
	{
		nk_handle_desc_t desc;

		std::memcpy(&desc, at, sizeof(desc));
		value = nk_get_handle(&desc);
		return true;
	}
};

/* A chunk of @count elements of @size for writing; null without room, never for none. */
inline char *PutChunk(nk_arena *arena, void *at, std::size_t count, std::size_t size,
		      std::size_t align)
{
	nk_ptr_t ptr = {0, 0};
	void *chunk = count ? _nk_arena_alloc(arena, &ptr, count, size, align) : at;

	std::memcpy(at, &ptr, sizeof(ptr));
	return static_cast<char *>(chunk);
}

/* The chunk that @at describes and its @count; null if that is none. No elements are no chunk. */
inline const char *GetChunk(const nk_arena *arena, const void *at, std::size_t &count,
			    std::size_t size, std::size_t align)
{
	nk_size_t found = 0;
	nk_ptr_t ptr;
	const void *chunk = at;

	std::memcpy(&ptr, at, sizeof(ptr));
	if (ptr.size)
		chunk = _nk_arena_get(arena, &ptr, &found, sizeof(found), size, align);
	count = found;
	return static_cast<const char *>(chunk);
}

/* Text of at most N bytes. Zeros at the end are not part of a text that came. */
template <std::size_t N> struct String {
	using Value = std::string;
	static constexpr std::size_t size = sizeof(nk_ptr_t);
	static constexpr std::size_t align = alignof(nk_ptr_t);

	static bool Put(nk_arena *arena, void *at, const Value &value)
	{
		char *chunk = nullptr;

		if (value.size() > N)
			return false;
		chunk = PutChunk(arena, at, value.size() + 1, 1, 1);
		if (chunk)
			std::memcpy(chunk, value.data(), value.size());
		return chunk != nullptr;
	}

	static bool Get(const nk_arena *arena, const void *at, Value &value)
	{
		std::size_t count = 0;
		const char *chunk = GetChunk(arena, at, count, 1, 1);

		if (!chunk || count > N + 1)
			return false;
		while (count > 0 && chunk[count - 1] == '\0')
			count--;
		value.assign(chunk, count);
		return true;
	}
};

template <std::size_t N> struct Bytes {
	using Value = std::vector<std::byte>;
	static constexpr std::size_t size = sizeof(nk_ptr_t);
	static constexpr std::size_t align = alignof(nk_ptr_t);

	static bool Put(nk_arena *arena, void *at, const Value &value)
	{
		char *chunk = nullptr;

		if (value.size() > N)
			return false;
		chunk = PutChunk(arena, at, value.size(), 1, 1);
		if (chunk && !value.empty())
			std::memcpy(chunk, value.data(), value.size());
		return chunk != nullptr;
	}

	static bool Get(const nk_arena *arena, const void *at, Value &value)
	{
		std::size_t count = 0;
		const char *chunk = GetChunk(arena, at, count, 1, 1);

		if (!chunk || count > N)
			return false;
		value.resize(count);
		if (count > 0)
			std::memcpy(value.data(), chunk, count);
		return true;
	}
};

template <class Element, std::size_t N> struct Sequence {
	using Value = std::vector<typename Element::Value>;
	static constexpr std::size_t size = sizeof(nk_ptr_t);
	static constexpr std::size_t align = alignof(nk_ptr_t);

	static bool Put(nk_arena *arena, void *at, const Value &value)
	{
		char *chunk = nullptr;

		if (value.size() > N)
			return false;
		chunk = PutChunk(arena, at, value.size(), Element::size, Element::align);
		for (std::size_t i = 0; chunk && i < value.size(); i++)
			if (!Element::Put(arena, chunk + i * Element::size, value[i]))
				return false;
		return chunk != nullptr;
	}

	static bool Get(const nk_arena *arena, const void *at, Value &value)
	{
		std::size_t count = 0;
		const char *chunk = GetChunk(arena, at, count, Element::size, Element::align);

		if (!chunk || count > N)
			return false;
		value.resize(count);
		for (std::size_t i = 0; i < count; i++)
			if (!Element::Get(arena, chunk + i * Element::size, value[i]))
				return false;
		return true;
	}
};

template <class Element, std::size_t N> struct Array {
	using Value = std::array<typename Element::Value, N>;
	static constexpr std::size_t size = N * Element::size;
	static constexpr std::size_t align = Element::align;

	static bool Put(nk_arena *arena, void *at, const Value &value)
	{
		for (std::size_t i = 0; i < N; i++)
			if (!Element::Put(arena, At(at, i * Element::size), value[i]))
				return false;
		return true;
	}

	static bool Get(const nk_arena *arena, const void *at, Value &value)
	{
		for (std::size_t i = 0; i < N; i++)
			if (!Element::Get(arena, At(at, i * Element::size), value[i]))
				return false;
		return true;
	}
};

/* A union: the number of the member, and the member @Offset bytes into it. */
template <class V, std::size_t Size, std::size_t Align, std::size_t Offset, class... Members>
struct Union {
	using Value = V;
	static constexpr std::size_t size = Size;
	static constexpr std::size_t align = Align;

	static bool Put(nk_arena *arena, void *at, const Value &value)
	{
		const std::uint32_t tag = static_cast<std::uint32_t>(value.index());

		std::memset(at, 0, Size);
		std::memcpy(at, &tag, sizeof(tag));
		return PutMember(arena, At(at, Offset), value,
				 std::index_sequence_for<Members...>{});
	}

	static bool Get(const nk_arena *arena, const void *at, Value &value)
	{
		std::uint32_t tag = 0;

		std::memcpy(&tag, at, sizeof(tag));
		return GetMember(arena, At(at, Offset), value, tag,
				 std::index_sequence_for<Members...>{});
	}

      private:
	template <std::size_t... I>
	static bool PutMember(nk_arena *arena, void *at, const Value &value,
			      std::index_sequence<I...>)
	{
		return ((value.index() == I && Members::Put(arena, at, std::get<I>(value))) || ...);
	}

	template <std::size_t... I>
	static bool GetMember(const nk_arena *arena, const void *at, Value &value,
			      std::uint32_t tag, std::index_sequence<I...>)
	{
		return ((tag == I && Members::Get(arena, at, value.template emplace<I>())) || ...);
	}
};

} // namespace kosipc::detail

#endif /* KOSIPC_DETAIL_CODEC_H */
