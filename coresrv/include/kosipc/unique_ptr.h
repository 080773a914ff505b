/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KOSIPC_UNIQUE_PTR_H
#define KOSIPC_UNIQUE_PTR_H

/* The owning pointer that kosipc hands out. */

#include <memory>

namespace kosipc
{

template <class T> using unique_ptr = std::unique_ptr<T>;

} // namespace kosipc

#endif /* KOSIPC_UNIQUE_PTR_H */
