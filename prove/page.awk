# SPDX-License-Identifier: Apache-2.0
# Result lines (README.md) on stdin, the page on stdout. A result stands under the
# promise it names first; the others refer to it by name.

function commas(n,   text) {
	text = sprintf("%.0f", n)
	while (text ~ /[0-9][0-9][0-9][0-9]/ && match(text, /[0-9][0-9][0-9]($|,)/))
		text = substr(text, 1, RSTART - 1) "," substr(text, RSTART)
	sub(/^,/, "", text)
	return text
}

function field(key,   at, rest) {
	at = index(line, " " key "=")
	if (!at) return ""
	rest = substr(line, at + length(key) + 2)
	if (key != "note") sub(/ .*/, "", rest)
	return rest
}

BEGIN {
	title["P1"] = "no hang"
	title["P2"] = "no corruption"
	title["P3"] = "exact error"
	title["P4"] = "no leak"
	title["P5"] = "containment"
	title["P6"] = "complete mediation"
	title["P7"] = "death of the kernel process"
	title["P8"] = "bounds"
}

{
	line = $0
	at = index(line, " note=")
	note = at ? field("note") : ""
	if (at) line = substr(line, 1, at - 1)
	name = field("name")
	count = field("count")
	bad = field("failures")
	n = split(field("promises"), list, ",")
	text = sprintf("  %-18s %14s %-12s %s %6.1f s  %s", name,
		count > 0 ? commas(count) : "not run", count > 0 ? field("unit") : "",
		bad > 0 ? commas(bad) " FAILED" : count > 0 ? "0 failures" : "          ", field("seconds"), note)
	rows[list[1]] = rows[list[1]] text "\n"
	for (i = 2; i <= n; i++) also[list[i]] = also[list[i]] " " name
	if (bad > 0) failed = failed " " name
	else if (!count) missing = missing " " name
	results++
}

END {
	for (i = 1; i <= 8; i++) {
		p = "P" i
		printf "\n%s %s\n%s", p, title[p], rows[p]
		if (also[p] != "") print "  also:" also[p]
		if (rows[p] == "" && also[p] == "") bare = bare " " p
	}
	if (rows["-"] != "") printf "\nFigures\n%s", rows["-"]
	print ""
	if (bare != "") print "No figure for:" bare
	if (missing != "") print "Not run:" missing
	if (failed != "" || !results) print "FAILED:" (results ? failed : " no result at all")
	else print "Nothing failed in " results " results."
}
