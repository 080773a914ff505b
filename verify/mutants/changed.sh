# SPDX-License-Identifier: Apache-2.0
# Sourced by those who seed bugs.
# The text of $1 with the change $2 (sed; __OR__ stands for two bars).
changed() {
	sed "$(printf '%s\n' "$2" | sed 's/^ //;s/ $//;s/__OR__/||/g')" "$1"
}
