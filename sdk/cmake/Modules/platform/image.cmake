# SPDX-License-Identifier: Apache-2.0
# include(platform/image): build_kos_qemu_image and build_kos_hw_image.
include(platform/nk)
include(platform/image2)
