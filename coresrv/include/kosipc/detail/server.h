/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KOSIPC_DETAIL_SERVER_H
#define KOSIPC_DETAIL_SERVER_H

/*
 * What Serve... functions return: something an event loop can run. Run works
 * until the interrupt object @stop is set; several threads may be in it.
 */

#include <functional>
#include <memory>
#include <mutex>
#include <new>

#include <kosipc/detail/generated.h>

namespace kosipc::detail
{

class Server
{
      public:
	Server() = default;
	Server(const Server &) = delete;
	Server &operator=(const Server &) = delete;
	virtual ~Server() = default;
	virtual void Run(::Handle stop, const std::function<bool()> &stopped,
			 IRetcodeExceptionConverter *converter, std::mutex &turn) = 0;
};

/* Memory of one kind of message and its arena, aligned as messages are. */
class MessageBuffer
{
      public:
	MessageBuffer(std::size_t size, std::size_t arena_size)
	    : size_(std::max(size, sizeof(nk_message))),
	      message_(static_cast<char *>(::operator new(size_))),
	      arena_bytes_(new char[arena_size ? arena_size : 1]),
	      arena_(NK_ARENA_INITIALIZER(arena_bytes_.get(), arena_bytes_.get() + arena_size))
	{
		std::memset(message_.get(), 0, size_);
	}

	nk_message *Message()
	{
		return reinterpret_cast<nk_message *>(message_.get());
	}

	nk_arena *Arena()
	{
		return &arena_;
	}

	void Reset()
	{
		nk_arena_reset(&arena_);
		nk_message_make_req(Message(), size_);
	}

      private:
	struct Free {
		void operator()(char *bytes) const
		{
			::operator delete(bytes);
		}
	};

	std::size_t size_;
	std::unique_ptr<char, Free> message_;
	std::unique_ptr<char[]> arena_bytes_;
	nk_arena arena_;
};

/* Answers requests that come over @listener with what a component implements. */
template <class Component, unsigned int First = 0> class ComponentServer final : public Server
{
      public:
	ComponentServer(Component &component, ::Handle listener)
	    : component_(component), listener_(listener)
	{
	}

	::Handle Listener() const
	{
		return listener_;
	}

	void Run(::Handle stop, const std::function<bool()> &stopped,
		 IRetcodeExceptionConverter *converter, std::mutex &turn) override
	{
		MessageBuffer req(Traits::limits.req, Traits::limits.req_arena);
		MessageBuffer res(Traits::limits.res, Traits::limits.res_arena);
		NkKosTransport transport;

		NkKosTransportSync_Init(&transport, listener_, INVALID_HANDLE, stop);
		while (!stopped()) {
			req.Reset();
			res.Reset();
			if (nk_transport_recv(&transport.base, req.Message(), req.Arena()) !=
			    NK_EOK)
				continue;
			Answer(transport, req, res, converter, turn);
		}
	}

      private:
	using Traits = ComponentTraits<Component>;

	void Answer(NkKosTransport &transport, MessageBuffer &req, MessageBuffer &res,
		    IRetcodeExceptionConverter *converter, std::mutex &turn)
	{
		const Message message = {req.Message(), req.Arena(), res.Message(), res.Arena(),
					 converter};
		const unsigned int id = req.Message()->iid;

		if (id >= First) {
			const std::lock_guard<std::mutex> mine(turn);

			if (const nk_err_t err = Traits::Dispatch(component_, id - First, message);
			    err != NK_EOK && res.Message()->ex.size_ex != 0)
				__nk_message_make_failed(res.Message(), NK_FALSE, err);
		}
		static_cast<void>(nk_transport_reply(&transport.base, res.Message(), res.Arena()));
	}

	Component &component_;
	::Handle listener_;
};

} // namespace kosipc::detail

#endif /* KOSIPC_DETAIL_SERVER_H */
