/* SPDX-License-Identifier: Apache-2.0 */

/* Only compiled: any order and any repetition of headers must be possible. */

#include <Solo.idl.h>
#include <SoloTask.edl.h>
#include <kxt/All.idl.h>
#include <kxt/Client.edl.h>
#include <kxt/Echo.idl.h>
#include <kxt/EchoTask.edl.h>
#include <kxt/Part.cdl.h>
#include <kxt/Ping.cdl.h>
#include <kxt/Ping.idl.h>
#include <kxt/Quiet.cdl.h>
#include <kxt/Rich.idl.h>
#include <kxt/Server.edl.h>
#include <kxt/Types.idl.h>
#include <kxt/Watch.idl.h>
#include <trace/Ping.idl.h>

int kx_all_headers_are_usable;
