/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RTL_CPP_RETCODE_HR_H
#define RTL_CPP_RETCODE_HR_H

/* Results as text for people. */

#include <cstdio>
#include <ostream>
#include <string>

#include <rtl/retcode_hr.h>
#include <rtl_cpp/retcode.h>

namespace kos::rtl
{

/* As RETCODE_HR_FMT prints it. */
inline std::string ToString(Result result)
{
	char text[256];

	static_cast<void>(std::snprintf(text, sizeof(text), RETCODE_HR_FMT,
					RETCODE_HR_PARAMS(result.Value())));
	return text;
}

inline std::string to_string(Result result)
{
	return ToString(result);
}

inline std::ostream &operator<<(std::ostream &out, Result result)
{
	return out << ToString(result);
}

} // namespace kos::rtl

namespace kos
{

using rtl::to_string;
using rtl::ToString;

} // namespace kos

#endif /* RTL_CPP_RETCODE_HR_H */
