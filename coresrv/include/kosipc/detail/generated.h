/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KOSIPC_DETAIL_GENERATED_H
#define KOSIPC_DETAIL_GENERATED_H

/*
 * What generated C++ headers are written against: codecs, the message that a
 * server works on, the client side of a channel, and the templates that each
 * interface (InterfaceTraits) and component (ComponentTraits) specialises.
 */

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <initializer_list>
#include <memory>
#include <utility>

#include <coresrv/nk/transport-kos.h>
#include <kosipc/detail/codec.h>
#include <kosipc/retcode_exception_converter.h>

/* libkos: says once on standard error what an implementation threw. */
extern "C" void __kosipc_hint_exception(const char *what) __attribute__((weak));

namespace kosipc
{

/* Base of every component: lets calls with a component find kosipc's functions by themselves. */
struct BaseComponent {
};

} // namespace kosipc

namespace kosipc::detail
{

/* Defined for each interface and each component by generated headers. */
template <class Interface> struct InterfaceTraits;
template <class Component> struct ComponentTraits;

/* Bytes of the largest messages and arenas. */
struct Limits {
	std::size_t req = 0;
	std::size_t res = 0;
	std::size_t req_arena = 0;
	std::size_t res_arena = 0;
};

constexpr Limits Largest(std::initializer_list<Limits> all)
{
	Limits found;

	for (const Limits &one : all) {
		found.req = std::max(found.req, one.req);
		found.res = std::max(found.res, one.res);
		found.req_arena = std::max(found.req_arena, one.req_arena);
		found.res_arena = std::max(found.res_arena, one.res_arena);
	}
	return found;
}

/* An endpoint of a component: its names from inside and outside, and its number. */
struct Endpoint {
	const char *path;
	const char *qualified;
	const char *interface_name;
	unsigned int id;
};

/* One request and where its response goes. */
struct Message {
	const nk_message *req;
	const nk_arena *req_arena;
	nk_message *res;
	nk_arena *res_arena;
	IRetcodeExceptionConverter *converter;
};

/*
 * A nested component whose endpoints begin at number First of the enclosing
 * one. Assigning a pointer makes another object stand in its place.
 */
template <class Component, unsigned int First> struct Nested : Component {
	static constexpr unsigned int first = First;

	Nested &operator=(Component *other)
	{
		other_ = other;
		return *this;
	}

	Component &Get()
	{
		return other_ ? *other_ : *this;
	}

      private:
	Component *other_ = nullptr;
};

/* Memory for the arena of one message: small ones without an allocation. */
template <std::size_t Size, bool Small = (Size <= 4096)> class Buffer
{
      public:
	nk_arena Arena()
	{
		return NK_ARENA_INITIALIZER(bytes_, bytes_ + Size);
	}

      private:
	alignas(8) char bytes_[Size ? Size : 1];
};

template <std::size_t Size> class Buffer<Size, false>
{
      public:
	nk_arena Arena()
	{
		return NK_ARENA_INITIALIZER(bytes_.get(), bytes_.get() + Size);
	}

      private:
	std::unique_ptr<char[]> bytes_{new char[Size]};
};

/* The code behind what the C transport returned. */
inline Retcode FromNkError(nk_err_t err)
{
	switch (err) {
	case NK_EOK:
		return rcOk;
	case NK_EPERM:
		return rcSecurityDisallow;
	case NK_ENOENT:
		return rcResourceNotFound;
	case NK_EAGAIN:
		return rcTimeout;
	case NK_ENOMEM:
		return rcOutOfMemory;
	case NK_EINVAL:
		return rcInvalidArgument;
	case NK_ENOTCONN:
		return rcNotConnected;
	default:
		return rcTransferError;
	}
}

/* The client side of one endpoint: transport, number, and what throws. Not shared by proxies. */
class Client
{
      public:
	Client(::Handle handle, nk_iid_t riid,
	       std::shared_ptr<IRetcodeExceptionConverter> converter)
	    : transport_(std::make_unique<NkKosTransport>()), riid_(riid),
	      converter_(std::move(converter))
	{
		NkKosTransport_Init(transport_.get(), handle, nullptr, 0);
	}

	nk_transport *Transport()
	{
		return &transport_->base;
	}

	nk_iid_t Riid() const
	{
		return riid_;
	}

	/* Throws; RetcodeException should the converter return. */
	[[noreturn]] void ThrowError(Retcode rc) const
	{
		converter_->ThrowException(rc);
		throw RetcodeException(rc);
	}

	void Packed(bool fits) const
	{
		if (!fits)
			ThrowError(rcBufferTooSmall);
	}

	void Called(nk_err_t err) const
	{
		if (err != NK_EOK)
			ThrowError(FromNkError(err));
	}

	void Unpacked(bool understood) const
	{
		if (!understood)
			ThrowError(rcTransferError);
	}

      private:
	std::unique_ptr<NkKosTransport> transport_;
	nk_iid_t riid_;
	std::shared_ptr<IRetcodeExceptionConverter> converter_;
};

/* In a handler of an exception: its text, which no client sees. What carries a code is an answer.
 */
inline void TellException()
{
	try {
		throw;
	} catch (const RetcodeException &) {
	} catch (const std::exception &error) {
		if (__kosipc_hint_exception)
			__kosipc_hint_exception(error.what());
	} catch (...) {
	}
}

/* In a handler of an exception: its code. */
inline Retcode Caught(IRetcodeExceptionConverter *converter)
{
	Retcode rc = rcFail;

	try {
		converter->CatchException(rc);
	} catch (...) {
		rc = rcFail;
	}
	if (rc != rcOk && rc != rcFail)
		return rc;
	TellException(); /* no code says what it was */
	return rcFail;
}

/* What a method without error parameters fails with: the client sees an error, not which. */
inline nk_err_t Refused(Retcode rc)
{
	const nk_err_t err = KosRetcodeToNkError(rc);

	return err == NK_EOK ? NK_EBADMSG : err;
}

} // namespace kosipc::detail

#endif /* KOSIPC_DETAIL_GENERATED_H */
