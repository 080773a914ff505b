/* SPDX-License-Identifier: Apache-2.0 */

/* Files, sockets, names, and libraries that use them, over one VFS program. */

#include <cstdio>
#include <cstring>
#include <fstream>
#include <string>
#include <thread>

#include <kos_net.h>

#ifdef WITH_OPENSSL
#include <openssl/evp.h>
#endif
#ifdef WITH_MOSQUITTO
#include <mosquittopp.h>
#endif
#ifdef WITH_BOOST
#include <boost/asio.hpp>
#endif

#define CHECK(what)                                                                                \
	do {                                                                                       \
		if (!(what))                                                                       \
			std::fprintf(stderr, "app: line %d: %s (%m)\n", __LINE__, #what);          \
	} while (0)

static void files()
{
	std::string text;

	std::ofstream("/tmp/note") << "kept\n";
	std::ifstream("/tmp/note") >> text;
	CHECK(text == "kept");
}

static void names()
{
	struct addrinfo *found = nullptr;

	CHECK(wait_for_network());
	CHECK(getaddrinfo("localhost", "80", nullptr, &found) == 0 && found);
	freeaddrinfo(found);
}

#ifdef WITH_OPENSSL
static void digests()
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned int size = 0;

	CHECK(EVP_Digest("abc", 3, digest, &size, EVP_sha256(), nullptr) == 1);
	CHECK(size == 32 && digest[0] == 0xba && digest[31] == 0xad);
}
#endif

#ifdef WITH_MOSQUITTO
/* Nobody serves the port: the library says so, after its own sockets and names. */
static void messages()
{
	mosqpp::lib_init();
	mosqpp::mosquittopp client("app");
	CHECK(client.connect("localhost", 1, 5) == MOSQ_ERR_ERRNO);
	mosqpp::lib_cleanup();
}
#endif

#ifdef WITH_BOOST
static void boost_sockets()
{
	using boost::asio::ip::tcp;
	boost::asio::io_context context;
	tcp::acceptor acceptor(context, tcp::endpoint(tcp::v4(), 0));
	tcp::socket client(context), server(context);
	char text[5] = "";

	std::thread thread([&] { acceptor.accept(server); });
	client.connect(tcp::endpoint(boost::asio::ip::make_address("10.0.2.2"),
				     acceptor.local_endpoint().port()));
	thread.join();
	boost::asio::write(client, boost::asio::buffer("four", 4));
	boost::asio::read(server, boost::asio::buffer(text, 4));
	CHECK(!std::strcmp(text, "four"));
}
#endif

int main()
{
	files();
	names();
#ifdef WITH_OPENSSL
	digests();
#endif
#ifdef WITH_MOSQUITTO
	messages();
#endif
#ifdef WITH_BOOST
	boost_sockets();
#endif
	std::fprintf(stderr, "app: done\n");
	return 0;
}
