/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KOSIPC_MAKE_APPLICATION_H
#define KOSIPC_MAKE_APPLICATION_H

/*
 * Making the application object. The three differ in KasperskyOS in how they
 * find the program's description; here they are the same.
 */

#include <utility>

#include <kosipc/application.h>

namespace kosipc
{

inline Application MakeApplicationAutodetect(ApplicationSettings settings = {})
{
	return Application(std::move(settings));
}

inline Application MakeApplicationPureClient(ApplicationSettings settings = {})
{
	return Application(std::move(settings));
}

inline Application MakeApplication(ApplicationSettings settings = {})
{
	return Application(std::move(settings));
}

/* @root is what the program serves; it is named again where it is served. */
template <class Component, class = decltype(detail::ComponentTraits<Component>::name)>
Application MakeApplication(Component &, ApplicationSettings settings = {})
{
	return Application(std::move(settings));
}

} // namespace kosipc

#endif /* KOSIPC_MAKE_APPLICATION_H */
