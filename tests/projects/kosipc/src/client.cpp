/* SPDX-License-Identifier: Apache-2.0 */

#include <cstdio>
#include <string>
#include <utility>

#include <coresrv/handle/handle_api.h>
#include <kosipc/api.h>
#include <kosipc/application.h>
#include <kosipc/connect_dcm_publication.h>
#include <kosipc/connect_static_channel.h>
#include <rtl_cpp/retcode.h>

#include <shelf/Client.edl.cpp.h>
#include <shelf/IBooks.idl.cpp.h>
#include <shelf/IKeys.idl.cpp.h>
#include <shelf/ILamp.idl.cpp.h>

using namespace kosipc::stdcpp;

/* What @call threw, as the name of the code. */
template <class Call> static const char *thrown_by(Call call)
{
	try {
		call();
	} catch (const kosipc::RetcodeException &error) {
		switch (error.GetRetcode()) {
		case rcInvalidArgument:
			return "invalid argument";
		case rcBusy:
			return "busy";
		case rcSecurityDisallow:
			return "denied";
		case rcBufferTooSmall:
			return "too big";
		case rcNotConnected:
			return "not connected";
		case rcResourceNotFound:
			return "not found";
		default:
			return error.what();
		}
	}
	return "nothing";
}

static void fill(shelf::IBooks &books)
{
	std::int32_t number = shelf::IBooks::Nothing;

	books.Put({"Dune", 412, {5, 4}}, shelf::Place(std::in_place_index<0>, 9U), number);
	books.Put({"Emma", 474, {}}, shelf::Place(std::in_place_index<1>, "window"), number);
	std::fprintf(stderr, "client: %d books\n", number);
}

static void list(shelf::IBooks &books)
{
	shelf::Books found;
	shelf::Stamp mirror{};

	books.List({1, 2, 3, 4}, found, mirror);
	for (const shelf::Types::Book &book : found)
		std::fprintf(stderr, "client: %s, %u pages, %zu marks\n", book.title.c_str(),
			     static_cast<unsigned>(book.pages), book.marks.size());
	std::fprintf(stderr, "client: stamp %d%d%d%d\n", mirror[0], mirror[1], mirror[2],
		     mirror[3]);
}

static void turn(shelf::IBooks &books)
{
	std::vector<std::byte> turned;
	shelf::Place place;

	books.Raw({std::byte{1}, std::byte{0}, std::byte{2}}, turned, place);
	std::fprintf(stderr, "client: turned %d%d%d of %zu at the %s\n",
		     std::to_integer<int>(turned.at(0)), std::to_integer<int>(turned.at(1)),
		     std::to_integer<int>(turned.at(2)), turned.size(), std::get<1>(place).c_str());
}

static void lend(shelf::IKeys &keys)
{
	Handle key = INVALID_HANDLE;
	std::uint8_t sendable = 9;

	KnHandleCreateUserObject(HANDLE_TYPE_USER_FIRST, OCAP_HANDLE_TRANSFER, nullptr, &key);
	keys.Lend(nk_handle_desc(key, OCAP_HANDLE_TRANSFER), sendable);
	std::fprintf(stderr, "client: sendable %d", sendable);
	keys.Lend(nk_handle_desc(key, 0), sendable);
	std::fprintf(stderr, " and %d\n", sendable);
}

static void fail(kosipc::Application &app, shelf::IBooks &books)
{
	const shelf::Place fire(std::in_place_index<1>, "fire");
	std::int32_t number = 0;

	std::fprintf(stderr, "client: no title: %s\n",
		     thrown_by([&] { books.Put({}, fire, number); }));
	std::fprintf(stderr, "client: fire: %s\n", thrown_by([&] {
			     books.Put({"x", 1, {}}, fire, number);
		     }));
	std::fprintf(stderr, "client: burn: %s\n", thrown_by([&] { books.Burn("cold"); }));
	std::fprintf(stderr, "client: long: %s\n", thrown_by([&] { books.Burn("far too long"); }));
	std::fprintf(stderr, "client: channel: %s\n", thrown_by([&] {
			     app.MakeProxy<shelf::IBooks>(
				     kosipc::ConnectStaticChannel("nowhere", "books"));
		     }));
	std::fprintf(stderr, "client: endpoint: %s\n", thrown_by([&] {
			     app.MakeProxy<shelf::IBooks>(
				     kosipc::ConnectStaticChannel("books_channel", "nothing"));
		     }));
}

int main()
{
	kosipc::Application app = kosipc::MakeApplicationAutodetect();
	auto books = app.MakeProxy<shelf::IBooks>(
		kosipc::ConnectStaticChannel("books_channel", "shelf.Server.books"));
	std::uint8_t before = 0;

	fill(*books);
	list(*books);
	turn(*books);
	lend(*app.MakeProxy<shelf::IKeys>(
		kosipc::ConnectStaticChannel("books_channel", "shelf.Server.keys")));
	fail(app, *books);
	auto lamp = app.MakeProxy<shelf::ILamp>(kosipc::ConnectDcmPublication());
	lamp->Switch(1, before);
	std::fprintf(stderr, "client: lamp was %u\n", static_cast<unsigned>(before));
	lamp->Stop();
	std::fprintf(stderr, "client: done\n");
	return 0;
}
