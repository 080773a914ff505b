/* SPDX-License-Identifier: Apache-2.0 */

/* Instead of init.yaml, for a test: the same two processes and their channel. */

#include <coresrv/entity/entity_api.h>
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
	static const EntityInfo client_info = {.eiid = "tiny.Client"};
	static const EntityInfo server_info = {.eiid = "tiny.Server"};
	Entity *client = EntityInitEx(&client_info, "tiny.Client", "Client");
	Entity *server = EntityInitEx(&server_info, "tiny.Server", "Server");

	if (!client || !server || EntityConnectToService(client, server, "server") != rcOk ||
	    EntityRun(server) != rcOk || EntityRun(client) != rcOk)
		return EXIT_FAILURE;
	fprintf(stderr, "einit: done\n");
	return EXIT_SUCCESS;
}
