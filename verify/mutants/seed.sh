# SPDX-License-Identifier: Apache-2.0
# Sourced by those who seed bugs (run, prove/check-campaigns): one file of a program is changed
# and compiled, the rest is linked as it was built. They set
#   root, build  folders; the working directory is $root
#   work         a folder of their own
#   program, via what is built; the file that is compiled: the changed one, or one that includes it

if [ ! -f "$build/build.ninja" ] || [ ! -f "$build/compile_commands.json" ]; then
	echo "$0: $build was not made by Ninja: not run" >&2
	exit 77
fi

# One line for each file and each time it is compiled: FILE|OBJECT|COMMAND
awk -v root="$root/" '
	/^ *"command": / { sub(/^ *"command": "/, ""); sub(/",?$/, ""); gsub(/\\"/, "\""); gsub(/\\\\/, "\\"); command = $0 }
	/^ *"file": / {
		sub(/^ *"file": "/, ""); sub(/",?$/, "")
		if (index($0, root) != 1 || !match(command, / -o [^ ]+/)) next
		print substr($0, length(root) + 1) "|" substr(command, RSTART + 4, RLENGTH - 4) "|" command
	}' "$build/compile_commands.json" >"$work/commands"

# How PROGRAM is linked, without its own name.
link_of() {
	ninja -C "$build" -t commands "bin/$1" 2>/dev/null | tail -1 |
		sed 's/^: && //;s/ && :$//' | sed "s, -o bin/$1 , ,"
}

# OBJECT|COMMAND of $1: as part of the program linked by $2, of one of its libraries, or else of
# a library of its folder or of one above.
compile_of() {
	grep "^$1|" "$work/commands" >"$work/candidates"
	while IFS='|' read -r _ object command; do
		case " $2 " in *" $object "*) echo "$object|$command"; return ;; esac
		archive=$(echo "$object" | sed -n 's,^\(.*/\)CMakeFiles/\([^/]*\)\.dir/.*,\1lib\2.a,p')
		case " $2 " in *" $archive "*) echo "$object|$command"; return ;; esac
	done <"$work/candidates"
	folder=$1
	while [ "$folder" != . ]; do
		folder=$(dirname "$folder")
		grep -q "|$folder/CMakeFiles/" "$work/candidates" || continue
		sed -n "s,^[^|]*|\($folder/CMakeFiles/.*\),\1,p" "$work/candidates" | head -1
		return
	done
}

# The program named by $program with $2 (a path) in place of $1, or, if $1 is a header, with
# $via compiled with it. Headers of its own folder are found as before.
built() {
	link=$(link_of "$program")
	made=$(compile_of "$via" "$link")
	[ -n "$link" ] && [ -n "$made" ] || { echo "$program or $via is not built in $build"; return 1; }
	object=${made%%|*}
	source=$2
	first=
	rm -rf "$work/headers"
	mkdir "$work/headers"
	if [ "$via" != "$1" ]; then
		case $1 in */include/*) under=${1#*/include/} ;; *) under=$(basename "$1") ;; esac
		mkdir -p "$work/headers/$(dirname "$under")"
		cp "$2" "$work/headers/$under"
		# Before any other header of its folder takes the one beside it.
		first="-include $work/headers/$under -iquote $root/$(dirname "$1")"
		source=$root/$via
	fi
	compile=$(echo "${made#*|}" | sed "s, -o [^ ]* -c .*, -w -Wno-error $first -I$work/headers -iquote $root/$(dirname "$via") -o $work/mutant.o -c $source,;s, -I, -I$work/headers -I,")
	case " $link " in
	*" $object "*) link=$(echo "$link" | sed "s, $object , $work/mutant.o ,") ;;
	*) link=$(echo "$link" | sed "s, [^ ]*\.o , $work/mutant.o&,") ;;
	esac
	(cd "$build" && eval "$compile" && eval "$link -o $work/mutant")
}

. "$root/verify/mutants/changed.sh"
