/* SPDX-License-Identifier: Apache-2.0 */

/* The content of libraries that projects link by name and that have nothing to do here. */

extern const char kosix_empty_library[];
const char kosix_empty_library[] = "kosix";
