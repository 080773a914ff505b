#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Stands in for the CE script that builds a disk image from folders. No disk is emulated:
# the image is a tar archive with the content of partition N below pN/, which kosix run
# unpacks where a VFS program mounts that disk (docs/sdk.md).
set -eu
usage() {
	cat <<'END'
Usage: prepare_hdd_img.sh [-d DIR] [-s MB] [-f fat32|ext2|ext3|ext4] -img FILE
       prepare_hdd_img.sh [-s MB] [-pN DIR [-fN FS] [-%N SHARE]]... -img FILE
Packs DIR (default: nothing) into FILE, or one DIR for each partition N from 1 on.
Sizes, shares and file systems are accepted and not used.
Exit status: 0 done, 1 FILE cannot be made, 2 wrong command line.
END
}
fail() {
	echo "prepare_hdd_img.sh: $*" >&2
	exit 1
}
image=
staging=
trap 'rm -rf "$staging"' EXIT
trap 'exit 1' HUP INT PIPE TERM
staging=$(mktemp -d) || fail "no folder for temporary files"

# Content of partition $1, counted from 0. Links are kept, other users' ids are not.
add_folder() {
	[ -d "$2" ] || fail "$2 is not a folder (content of partition $1)"
	mkdir "$staging/p$1" 2>/dev/null || fail "partition $1 is given twice"
	cp -R "$2/." "$staging/p$1/" || fail "cannot copy $2"
}

while [ $# -gt 0 ]; do
	case $1 in
	-d) add_folder 0 "${2:?-d needs a folder}"; shift 2 ;;
	-p[1-9]) add_folder $((${1#-p} - 1)) "${2:?$1 needs a folder}"; shift 2 ;;
	-img) image=${2:?-img needs a file}; shift 2 ;;
	-h | --help) usage; exit 0 ;;
	-*) if [ $# -gt 1 ]; then shift 2; else shift; fi ;;
	*) echo "prepare_hdd_img.sh: unexpected argument $1" >&2; usage >&2; exit 2 ;;
	esac
done
[ -n "$image" ] || { echo "prepare_hdd_img.sh: no -img FILE given" >&2; usage >&2; exit 2; }
# The file is replaced only when its content changes, so that images are not remade.
tar -C "$staging" --format=gnu --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 \
	--hard-dereference -cf "$staging/image" --exclude=./image . || fail "cannot pack $image"
cmp -s "$staging/image" "$image" || mv -f "$staging/image" "$image" || fail "cannot write $image"
