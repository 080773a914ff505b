/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RTL_CPP_RETCODE_H
#define RTL_CPP_RETCODE_H

/* A return code as a type of its own: kos::rtl::Result, also kos::Result. */

#include <rtl/retcode.h>

namespace kos
{

namespace rtl
{

class Result
{
      public:
	constexpr Result() noexcept = default;
	constexpr explicit Result(::Retcode rc) noexcept : rc_(rc)
	{
	}

	constexpr ::Retcode Value() const noexcept
	{
		return rc_;
	}

	constexpr explicit operator ::Retcode() const noexcept
	{
		return rc_;
	}

	friend constexpr bool operator==(Result a, Result b) noexcept
	{
		return a.rc_ == b.rc_;
	}

	friend constexpr bool operator!=(Result a, Result b) noexcept
	{
		return a.rc_ != b.rc_;
	}

      private:
	::Retcode rc_ = rcOk;
};

namespace result_code
{

inline constexpr Result Ok{rcOk};
inline constexpr Result InvalidArgument{rcInvalidArgument};
inline constexpr Result NotConnected{rcNotConnected};
inline constexpr Result OutOfMemory{rcOutOfMemory};
inline constexpr Result BufferTooSmall{rcBufferTooSmall};
inline constexpr Result InternalError{rcInternalError};
inline constexpr Result TransferError{rcTransferError};
inline constexpr Result ReceiveError{rcReceiveError};
inline constexpr Result SourceFault{rcSourceFault};
inline constexpr Result TargetFault{rcTargetFault};
inline constexpr Result IpcInterrupt{rcIpcInterrupt};
inline constexpr Result Restart{rcRestart};
inline constexpr Result Fail{rcFail};
inline constexpr Result NoCapability{rcNoCapability};
inline constexpr Result NotReady{rcNotReady};
inline constexpr Result Unimplemented{rcUnimplemented};
inline constexpr Result BufferTooLarge{rcBufferTooLarge};
inline constexpr Result Busy{rcBusy};
inline constexpr Result ResourceNotFound{rcResourceNotFound};
inline constexpr Result Timeout{rcTimeout};
inline constexpr Result SecurityDisallow{rcSecurityDisallow};
inline constexpr Result FutexWouldBlock{rcFutexWouldBlock};
inline constexpr Result Abort{rcAbort};
inline constexpr Result InvalidThreadState{rcInvalidThreadState};
inline constexpr Result AlreadyExists{rcAlreadyExists};
inline constexpr Result InvalidOperation{rcInvalidOperation};
inline constexpr Result HandleRevoked{rcHandleRevoked};
inline constexpr Result QuotaExceeded{rcQuotaExceeded};
inline constexpr Result DeviceNotFound{rcDeviceNotFound};

} // namespace result_code

} // namespace rtl

using rtl::Result;
namespace result_code = rtl::result_code;

constexpr bool Bad(Result result) noexcept
{
	return result != result_code::Ok;
}

namespace rtl
{

/* What kos::Ok is: a test (kos::Ok(result)) and the good result itself. */
struct OkResult {
	constexpr bool operator()(Result result) const noexcept
	{
		return result == result_code::Ok;
	}

	constexpr operator Result() const noexcept
	{
		return result_code::Ok;
	}
};

} // namespace rtl

inline constexpr rtl::OkResult Ok{};

} // namespace kos

#define TO_RESULT(rc) (::kos::rtl::Result(static_cast<::Retcode>(rc)))

#endif /* RTL_CPP_RETCODE_H */
