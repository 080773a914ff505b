#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Stands in for the CE script that builds a disk image from a folder. No disk is
# emulated: what matters is the folder, which is kept as a tar archive.
set -eu
usage() {
	cat <<'END'
Usage: prepare_hdd_img.sh [-d DIR] [-s MB] [-f fat32|ext2|ext3|ext4] -img FILE
Packs DIR (default: nothing) into FILE. Size and file system are accepted and not
used; options of further partitions (-1, -f1, -p1, ...) likewise.
Exit status: 0 done, 1 FILE cannot be made, 2 wrong command line.
END
}
folder=
image=
while [ $# -gt 0 ]; do
	case $1 in
	-d) folder=${2:?-d needs a folder}; shift 2 ;;
	-img) image=${2:?-img needs a file}; shift 2 ;;
	-h | --help) usage; exit 0 ;;
	-*) if [ $# -gt 1 ]; then shift 2; else shift; fi ;;
	*) echo "prepare_hdd_img.sh: unexpected argument $1" >&2; usage >&2; exit 2 ;;
	esac
done
[ -n "$image" ] || { echo "prepare_hdd_img.sh: no -img FILE given" >&2; usage >&2; exit 2; }
# The file is replaced only when its content changes, so that images are not remade.
new=$image.new
trap 'rm -f "$new"' EXIT
if [ -n "$folder" ]; then
	[ -d "$folder" ] || { echo "prepare_hdd_img.sh: $folder is not a folder" >&2; exit 1; }
	tar -C "$folder" --sort=name --owner=0 --group=0 -cf "$new" .
else
	tar -cf "$new" -T /dev/null
fi
cmp -s "$new" "$image" || mv "$new" "$image"
