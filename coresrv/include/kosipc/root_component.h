/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KOSIPC_ROOT_COMPONENT_H
#define KOSIPC_ROOT_COMPONENT_H

/* kosipc::components::Root, defined by the generated header of the program's EDL. */

#include <kosipc/detail/generated.h>

namespace kosipc::components
{

struct Root;

} // namespace kosipc::components

#endif /* KOSIPC_ROOT_COMPONENT_H */
