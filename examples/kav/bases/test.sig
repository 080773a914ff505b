# SPDX-License-Identifier: Apache-2.0
# The standard test pattern, in hexadecimal pieces so that no scanner quarantines this file.
EICAR-Test-File test 4 58354f2150254041505b345c505a58353428505e2937434329377d 2445494341522d5354414e444152442d414e544956495255532d 544553542d46494c452124482b482a

# A pattern of our own that may stand anywhere: "KOSIX-KAV-" and "TEST-ANYWHERE".
Kosix-Test-Anywhere any 4 4b4f5349582d4b41562d 544553542d414e595748455245
