/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KOSIPC_RETCODE_EXCEPTION_CONVERTER_H
#define KOSIPC_RETCODE_EXCEPTION_CONVERTER_H

/*
 * Between exceptions and return codes. A proxy throws what ThrowException makes
 * of the code it got; a stub answers with what CatchException makes of the
 * exception that the implementation threw.
 */

#include <stdexcept>
#include <string>

#include <rtl/retcode.h>
#include <rtl/retcode_hr.h>

namespace kosipc
{

/* What is thrown where no converter says otherwise. */
class RetcodeException : public std::runtime_error
{
      public:
	explicit RetcodeException(Retcode rc) : std::runtime_error("kosipc: " + Text(rc)), rc_(rc)
	{
	}

	RetcodeException(Retcode rc, const std::string &what)
	    : std::runtime_error("kosipc: " + what + ": " + Text(rc)), rc_(rc)
	{
	}

	Retcode GetRetcode() const noexcept
	{
		return rc_;
	}

      private:
	static std::string Text(Retcode rc)
	{
		return std::string(rtl_retcode_hr_desc(rc)) + " (error code " +
		       std::to_string(RC_GET_CODE(rc)) + ")";
	}

	Retcode rc_;
};

/*
 * Override those forms that are needed; a form without const falls back on the
 * const one. CatchException is called while the exception is being handled, so
 * it may rethrow it ("throw;") to look at it; @rc holds what is used otherwise.
 */
class IRetcodeExceptionConverter
{
      public:
	IRetcodeExceptionConverter() = default;
	IRetcodeExceptionConverter(const IRetcodeExceptionConverter &) = default;
	IRetcodeExceptionConverter &operator=(const IRetcodeExceptionConverter &) = default;
	virtual ~IRetcodeExceptionConverter() = default;

	virtual void CatchException(Retcode &rc) const
	{
		try {
			throw;
		} catch (const RetcodeException &error) {
			rc = error.GetRetcode();
		} catch (const std::bad_alloc &) {
			rc = rcOutOfMemory;
		} catch (const std::invalid_argument &) {
			rc = rcInvalidArgument;
		} catch (...) {
			rc = rcFail;
		}
	}

	virtual void CatchException(Retcode &rc)
	{
		static_cast<const IRetcodeExceptionConverter *>(this)->CatchException(rc);
	}

	virtual void ThrowException(Retcode rc) const
	{
		throw RetcodeException(rc);
	}

	virtual void ThrowException(Retcode rc)
	{
		static_cast<const IRetcodeExceptionConverter *>(this)->ThrowException(rc);
	}
};

} // namespace kosipc

#endif /* KOSIPC_RETCODE_EXCEPTION_CONVERTER_H */
