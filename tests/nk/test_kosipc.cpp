/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Generated C++ against itself: a proxy whose transport hands each message to the stub, with
 * random values of every kind; what does not fit or is no such value is an exception on the
 * client's side; the exceptions of an implementation arrive as codes. No libkos: the two
 * functions of it that generated code calls are defined here.
 */

#include <cstdio>
#include <random>
#include <stdexcept>

#include <kxt/All.idl.cpp.h>
#include <kxt/Server.edl.cpp.h>

#define CHECK(expr)                                                                                \
	do {                                                                                       \
		if (!(expr)) {                                                                     \
			std::fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #expr);  \
			std::exit(1);                                                              \
		}                                                                                  \
	} while (0)

using namespace kosipc::stdcpp;
using kxt::All;
using Traits = kosipc::detail::InterfaceTraits<All>;

namespace
{

std::mt19937_64 generator(20240607);

template <class T> T any()
{
	return static_cast<T>(generator());
}

std::string text(std::size_t most)
{
	std::string out;

	for (std::size_t n = generator() % (most + 1); n > 0; n--)
		out.push_back(static_cast<char>('!' + generator() % 90));
	return out;
}

std::vector<std::byte> bytes(std::size_t most)
{
	std::vector<std::byte> out(generator() % (most + 1));

	for (std::byte &byte : out)
		byte = static_cast<std::byte>(generator());
	return out;
}

kxt::Point point()
{
	return {any<std::int16_t>(), any<std::int16_t>()};
}

kxt::Inner inner()
{
	kxt::Inner out{any<std::uint8_t>(), point(), text(7), {}};

	out.path.resize(generator() % 4);
	for (kxt::Point &at : out.path)
		at = point();
	return out;
}

bool same(const kxt::Point &a, const kxt::Point &b)
{
	return a.x == b.x && a.y == b.y;
}

bool same(const kxt::Inner &a, const kxt::Inner &b)
{
	bool equal = a.a == b.a && same(a.where, b.where) && a.label == b.label &&
		     a.path.size() == b.path.size();

	for (std::size_t i = 0; equal && i < a.path.size(); i++)
		equal = same(a.path[i], b.path[i]);
	return equal;
}

kxt::Choice choice()
{
	switch (generator() % 3) {
	case 0:
		return kxt::Choice(std::in_place_index<0>, any<std::uint8_t>());
	case 1:
		return kxt::Choice(std::in_place_index<1>, any<std::uint64_t>());
	default:
		return kxt::Choice(std::in_place_index<2>, generator() % 3, point());
	}
}

bool same(const kxt::Choice &a, const kxt::Choice &b)
{
	if (a.index() != b.index())
		return false;
	if (a.index() == 0)
		return std::get<0>(a) == std::get<0>(b);
	if (a.index() == 1)
		return std::get<1>(a) == std::get<1>(b);
	return std::get<2>(a).size() == std::get<2>(b).size();
}

/* Gives back what it gets. */
class Echo : public All
{
      public:
	void Nothing() override
	{
	}

	void Scalars(std::uint8_t u8, std::uint16_t u16, std::uint32_t u32, std::uint64_t u64,
		     std::int8_t s8, std::int16_t s16, std::int32_t s32, std::int64_t s64,
		     std::size_t size, std::uintptr_t ptr, std::uint8_t &ru8, std::uint16_t &ru16,
		     std::uint32_t &ru32, std::uint64_t &ru64, std::int8_t &rs8, std::int16_t &rs16,
		     std::int32_t &rs32, std::int64_t &rs64) override
	{
		ru8 = u8;
		ru16 = u16;
		ru32 = u32;
		ru64 = u64 ^ size ^ ptr;
		rs8 = s8;
		rs16 = s16;
		rs32 = s32;
		rs64 = s64;
	}

	void Texts(const std::string &first, const std::string &second,
		   const std::vector<std::byte> &raw, std::string &back,
		   std::string &again) override
	{
		if (raw.size() == 16)
			throw std::runtime_error("full");
		back = first.substr(0, 32);
		again = second;
	}

	void Nested(const std::vector<std::vector<std::uint8_t>> &pages,
		    std::vector<std::vector<std::uint8_t>> &copy) override
	{
		copy = pages;
	}

	void Entries(const std::vector<kxt::Entry> &entry, std::uint32_t &count) override
	{
		count = static_cast<std::uint32_t>(entry.size());
	}

	void Records(const kxt::Outer &outer, const kxt::Triple &triple, kxt::Outer &result,
		     std::array<std::vector<std::uint32_t>, 3> &rows) override
	{
		result = outer;
		for (std::size_t i = 0; i < rows.size(); i++)
			rows[i].assign(i, triple[i]);
	}

	void Choose(const kxt::Choice &one, const std::array<kxt::Choice, 2> &more,
		    std::vector<kxt::Choice> &choices) override
	{
		choices = {one, more[0], more[1]};
	}

	void Handles(std::uint8_t flag, ::Handle first, const std::array<::Handle, 2> &more,
		     ::Handle &back) override
	{
		back = flag == 0 ? first : more[flag - 1U];
	}

	void Mixed(std::uint8_t &code, const std::string &odd, std::uint8_t &last,
		   const std::vector<std::uint64_t> &wide) override
	{
		code = static_cast<std::uint8_t>(odd.size());
		last = static_cast<std::uint8_t>(wide.size());
	}

	void Grids(const std::array<std::array<std::uint16_t, 3>, 2> &grid,
		   const std::vector<std::array<std::uint32_t, 2>> &pairs,
		   std::vector<kxt::Triple> &triples) override
	{
		triples.assign(grid.begin(), grid.end());
		CHECK(pairs.size() == 1 && pairs[0][1] == 9);
	}

	void Fails(std::uint32_t n, std::uint32_t &twice) override
	{
		if (n > 100)
			throw kosipc::RetcodeException(n == 101 ? rcBusy : rcFail);
		twice = 2 * n;
	}

	void main(std::uint32_t mode, std::vector<std::uint8_t> &blob) override
	{
		blob.assign(mode, 1);
	}
};

Echo echo;
std::string told;  /* to the user, of exceptions without a code */
unsigned rethrown; /* exceptions so far */
bool tear;         /* the transport breaks the response */

nk_err_t loop(nk_transport *, const nk_message *req, const nk_arena *req_arena, nk_message *res,
	      nk_arena *res_arena)
{
	static kosipc::IRetcodeExceptionConverter converter;
	nk_arena came = *req_arena;
	nk_err_t err;

	came.end = came.current; /* as it arrives: no more than was sent */
	err = Traits::Dispatch(&echo, {req, &came, res, res_arena, &converter});
	if (tear)
		std::memset(res + 1, 0xff, 8);
	return err;
}

/* The Retcode that @call throws; rcOk if it does not. */
template <class Call> Retcode thrown(Call call)
{
	try {
		call();
	} catch (const kosipc::RetcodeException &error) {
		return error.GetRetcode();
	}
	return rcOk;
}

void scalars(All &all)
{
	const std::uint64_t u64 = any<std::uint64_t>();
	const std::int64_t s64 = any<std::int64_t>();
	std::uint8_t ru8 = 0;
	std::uint16_t ru16 = 0;
	std::uint32_t ru32 = 0;
	std::uint64_t ru64 = 0;
	std::int8_t rs8 = 0;
	std::int16_t rs16 = 0;
	std::int32_t rs32 = 0;
	std::int64_t rs64 = 0;

	all.Scalars(200, 60000, 4000000000U, u64, -100, -30000, -2000000000, s64, 5, 6, ru8, ru16,
		    ru32, ru64, rs8, rs16, rs32, rs64);
	CHECK(ru8 == 200 && ru16 == 60000 && ru32 == 4000000000U && ru64 == (u64 ^ 3U));
	CHECK(rs8 == -100 && rs16 == -30000 && rs32 == -2000000000 && rs64 == s64);
}

void records(All &all)
{
	const kxt::Outer sent{inner(), {inner(), inner()}, any<std::uint8_t>(), bytes(5)};
	std::array<std::vector<std::uint32_t>, 3> rows;
	kxt::Outer got;

	all.Records(sent, {7, 8, 9}, got, rows);
	CHECK(same(sent.first, got.first) && same(sent.rest[0], got.rest[0]) &&
	      same(sent.rest[1], got.rest[1]) && sent.tail == got.tail && sent.raw == got.raw);
	CHECK(rows[0].empty() && rows[1].at(0) == 8 && rows[2].size() == 2);
}

void sequences(All &all)
{
	std::vector<std::vector<std::uint8_t>> pages(generator() % 5);
	std::vector<std::vector<std::uint8_t>> copy;
	std::vector<kxt::Triple> triples;
	std::uint32_t count = 0;
	std::uint8_t code = 0;
	std::uint8_t last = 0;

	for (std::vector<std::uint8_t> &page : pages)
		page.assign(generator() % 257, any<std::uint8_t>());
	all.Nested(pages, copy);
	CHECK(pages == copy);
	all.Entries(std::vector<kxt::Entry>(generator() % 33), count);
	all.Mixed(code, "abc", last, {1, 2});
	CHECK(code == 3 && last == 2);
	all.Grids({{{1, 2, 3}, {4, 5, 6}}}, {{8, 9}}, triples);
	CHECK(triples.size() == 2 && triples[1][2] == 6);
}

void unions_and_handles(All &all)
{
	const kxt::Choice one = choice();
	const std::array<kxt::Choice, 2> more = {choice(), choice()};
	std::vector<kxt::Choice> back;
	::Handle handle = 0;

	all.Choose(one, more, back);
	CHECK(back.size() == 3 && same(back[0], one) && same(back[1], more[0]) &&
	      same(back[2], more[1]));
	all.Handles(2, 10, {20, 30}, handle);
	CHECK(handle == 30);
}

void failures(All &all)
{
	std::string back;
	std::string again;
	std::uint32_t twice = 0;
	std::vector<std::vector<std::uint8_t>> copy;

	all.Texts("first", "second", {}, back, again);
	CHECK(back == "first" && again == "second");
	CHECK(thrown([&] { all.Texts(std::string(49, 'x'), "", {}, back, again); }) ==
	      rcBufferTooSmall);
	CHECK(told.empty());
	CHECK(thrown([&] { all.Texts("", "", std::vector<std::byte>(16), back, again); }) != rcOk);
	CHECK(told == "full");
	told.clear();
	all.Fails(21, twice);
	CHECK(twice == 42);
	rethrown = 0;
	CHECK(RC_GET_CODE(thrown([&] { all.Fails(101, twice); })) == RC_GET_CODE(rcBusy));
	CHECK(rethrown == 1); /* by the converter: throwing is most of what such an answer costs */
	CHECK(thrown([&] { all.Fails(102, twice); }) != rcOk);
	CHECK(told.empty());
	tear = true;
	CHECK(thrown([&] { all.Nested({}, copy); }) == rcTransferError);
	tear = false;
}

} // namespace

void __kosipc_hint_exception(const char *what)
{
	told = what;
}

extern "C" {
[[noreturn]] void __real___cxa_rethrow();
[[noreturn]] void __wrap___cxa_rethrow();
}

void __wrap___cxa_rethrow()
{
	rethrown++;
	__real___cxa_rethrow();
}

void NkKosTransport_Init(NkKosTransport *transport, Handle, void *, nk_size_t)
{
	static const nk_transport_ops ops = {loop, nullptr, nullptr, nullptr, nullptr};

	*transport = NkKosTransport{};
	transport->base.ops = &ops;
}

nk_err_t KosRetcodeToNkError(Retcode rc)
{
	return rc == rcOk ? NK_EOK : NK_EBADMSG;
}

int main()
{
	Traits::Proxy proxy(kosipc::detail::Client(
		0, 0, std::make_shared<kosipc::IRetcodeExceptionConverter>()));
	kosipc::components::Root root;

	static_cast<void>(root);
	for (int i = 0; i < 200; i++) {
		scalars(proxy);
		records(proxy);
		sequences(proxy);
		unions_and_handles(proxy);
	}
	failures(proxy);
	proxy.Nothing();
	return 0;
}
