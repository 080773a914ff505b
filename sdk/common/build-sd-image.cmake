# SPDX-License-Identifier: Apache-2.0
# Projects include this file for build_sd_image, which platform/image has.
include(platform/image)
