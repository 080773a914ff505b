# SPDX-License-Identifier: Apache-2.0
# Source this: puts the SDK's tools first in PATH and sets KOSCEDIR and SDK_PREFIX.
if [ -n "${BASH_SOURCE:-}" ]; then
	KOSCEDIR=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
else
	KOSCEDIR=$(cd "$(dirname "$0")/.." && pwd)
fi
export KOSCEDIR
export SDK_PREFIX="$KOSCEDIR"
export PATH="$KOSCEDIR/toolchain/bin:$PATH"
