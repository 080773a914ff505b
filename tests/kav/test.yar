// SPDX-License-Identifier: Apache-2.0
rule kosix_test_rule
{
	meta:
		code = 3
	strings:
		$text = "yarayara"
	condition:
		$text
}
