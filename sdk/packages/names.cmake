# SPDX-License-Identifier: Apache-2.0
# Every name that kosix_package (KosixPackages.cmake) knows.
set(KOSIX_PACKAGES
  vfs precompiled_vfs rump wpa bsp gpio uart i2c entropy tls blob_container ns dcm blkdev sdcard
  usb pcie ata ntpd dnet dnet_executables dnet_brcmfmac dnet_brcm_fmac dnet_mbim
  pinctrl bcm2711_mbox package_manager execution_manager klog klog_storage env logger
  nglog logrr_cpp logrr_clog logrr_server logrr_fs_output_channel camera kss nk LWEXT4 VFAT
  kosipc)
