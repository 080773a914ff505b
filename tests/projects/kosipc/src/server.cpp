/* SPDX-License-Identifier: Apache-2.0 */

#include <algorithm>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <kosipc/api.h>
#include <kosipc/dcm_service_publisher.h>
#include <kosipc/event_loop.h>
#include <kosipc/make_application.h>
#include <kosipc/serve_static_channel.h>

#include <services/ocap.h>
#include <shelf/Server.edl.cpp.h>

using namespace kosipc::stdcpp;

class BooksImpl : public shelf::IBooks
{
      public:
	void Put(const shelf::Book &book, const shelf::Place &place, std::int32_t &number) override
	{
		if (book.title.empty())
			throw std::invalid_argument("a book without a title");
		if (place.index() == 1 && std::get<1>(place) == "fire")
			throw kosipc::RetcodeException(rcBusy);
		books_.push_back(book);
		number = static_cast<std::int32_t>(books_.size());
		place_ = place;
	}

	void List(const Stamp &stamp, shelf::Books &books, Stamp &mirror) override
	{
		books = books_;
		std::reverse_copy(stamp.begin(), stamp.end(), mirror.begin());
	}

	void Raw(const std::vector<std::byte> &data, std::vector<std::byte> &turned,
		 shelf::Place &place) override
	{
		turned.assign(data.rbegin(), data.rend());
		place = place_;
	}

	void Burn(const std::string &why) override
	{
		std::fprintf(stderr, "server: burnt because of %s\n", why.c_str());
	}

      private:
	std::vector<shelf::Book> books_;
	shelf::Place place_;
};

class Keys : public shelf::IKeys
{
      public:
	void Lend(const nk_handle_desc_t &key, std::uint8_t &sendable) override
	{
		sendable = (key.rights & OCAP_HANDLE_TRANSFER) != 0;
	}
};

class Lamp : public shelf::ILamp
{
      public:
	void Switch(std::uint8_t on, std::uint8_t &before) override
	{
		before = state_;
		state_ = on;
	}

	void Stop() override
	{
		for (kosipc::EventLoop *loop : loops)
			loop->RequestStop();
	}

	std::vector<kosipc::EventLoop *> loops;

      private:
	std::uint8_t state_ = 7;
};

int main()
{
	kosipc::Application app = kosipc::MakeApplicationAutodetect();
	kosipc::components::Root root;
	BooksImpl books;
	Keys keys;
	Lamp lamp;

	root.books = &books;
	root.keys = &keys;
	root.room.lamp = &lamp;
	kosipc::EventLoop loop = app.MakeEventLoop(ServeStaticChannel("books_channel", root));
	kosipc::EventLoop dynamic = app.MakeEventLoop(ServeDynamicChannel(root.room));
	kosipc::ServiceList services;
	services.AddServices(dynamic);
	kosipc::SimpleConnectionAcceptor acceptor(app, services);
	kosipc::DcmServicePublisher publisher(app, services);
	kosipc::EventLoop requests =
		app.MakeEventLoop(ServeConnectionRequests(&acceptor, &publisher));

	lamp.loops = {&loop, &dynamic, &requests};
	std::thread first([&loop] { loop.Run(); });
	std::thread second([&dynamic] { dynamic.Run(); });
	requests.Run();
	second.join();
	first.join();
	std::fprintf(stderr, "server: done\n");
	return 0;
}
