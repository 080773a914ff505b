/* SPDX-License-Identifier: Apache-2.0 */

#include <Plain.edl.h>
#include <old/Old.edl.h>
#include <old/Old.idl.h>

int values[Plain_part_get_iid + 1];

#ifndef OLD
#error the definition of the directory did not arrive
#endif

int main(void)
{
	return old_Old_Below + 1 + (int)old_Old_part_get_iid;
}
