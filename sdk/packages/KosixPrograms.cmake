# SPDX-License-Identifier: Apache-2.0
# The system programs of the SDK: class, program file, imported target, and the
# channel name by which a client knows it. Read by the SDK's own build, which makes
# a placeholder of each, and by projects through find_package.
set(KOSIX_PROGRAMS
  "kl.VfsEntity|VfsEntity|vfs::entity|kl.VfsEntity"
  "kl.VfsNet|VfsNet|precompiled_vfs::VfsNet|kl.VfsNet"
  "kl.VfsRamFs|VfsRamFs|precompiled_vfs::VfsRamFs|kl.VfsRamFs"
  "kl.VfsSdCardFs|VfsSdCardFs|precompiled_vfs::VfsSdCardFs|kl.VfsSdCardFs"
  "kl.rump.Dhcpcd|dhcpcd_entity|rump::dhcpcd_entity|kl.rump.Dhcpcd"
  "kl.Ntpd|ntpd|ntpd::entity|kl.Ntpd"
  "kl.EntropyEntity|Entropy|entropy::entity|kl.EntropyEntity"
  "kl.TlsEntity|TlsEntity|tls::entity|kl.TlsEntity"
  "kl.bc.BlobContainer|BlobContainer|blob_container::entity|kl.bc.BlobContainer"
  "kl.core.NameServer|NameServer|ns::entity|kl.core.NameServer"
  "kl.core.DCM|dcm|dcm::entity|kl.core.DCM"
  "kl.drivers.BSP|bsp_qemu|bsp::entity|kl.drivers.BSP"
  "kl.drivers.GPIO|GPIO|gpio::entity|kl.drivers.GPIO"
  "kl.drivers.UART|UART|uart::entity|kl.drivers.UART"
  "kl.drivers.I2C|I2C|i2c::entity|kl.drivers.I2C"
  "kl.drivers.SDCard|SDCard|sdcard::entity|kl.drivers.SDCard"
  "kl.drivers.RAMDisk|RAMDisk|blkdev::entity|kl.drivers.RAMDisk"
  "kl.drivers.ATA|ATA|ata::entity|kl.drivers.ATA"
  "kl.drivers.USB|USB|usb::entity|kl.drivers.USB"
  "kl.drivers.PCIE|PCIE|pcie::entity|kl.drivers.PCIE"
  "kl.drivers.PinCtrl|PinCtrl|pinctrl::entity|kl.drivers.PinCtrl"
  "kl.drivers.DNetSrv|dnet_entity|dnet::entity|kl.drivers.DNet"
  "kl.drivers.DNetSrvMbim|dnet_mbim|dnet_mbim::server|kl.drivers.DNetSrvMbim"
  "kl.drivers.DNetBrcmfmacSrv|dnet_brcmfmac|dnet_brcmfmac::server|kl.drivers.DNetBrcmfmacSrv"
  "kl.drivers.Bcm2711MboxArmToVc|Bcm2711MboxArmToVc|bcm2711_mbox::entity|kl.drivers.Bcm2711MboxArmToVc"
  "wpa.WpaSupplicant|wpa_supplicant|wpa::supplicant_entity|wpa_supplicant"
  "logrr.LogrrServer|LogrrServer|logrr_server::LogrrServer|logrr.LogrrServer"
  "logrr.LogrrFsOutputChannel|LogrrFsOutputChannel|logrr_fs_output_channel::LogrrFsOutputChannel|logrr.LogrrFsOutputChannel"
  "logrr.Server|logrr_server|logrr_server::Server|logrr.Server"
  "logrr.FsOutputChannel|logrr_fs_output_channel|logrr_fs_output_channel::FsOutputChannel|logrr.FsOutputChannel"
  "package_manager.PkgMgrEntity|PkgMgrEntity|package_manager::entity|package_manager.PkgMgrEntity"
  "execution_manager.ExecMgrEntity|ExecMgrEntity|execution_manager::entity|execution_manager.ExecMgrEntity"
)

# Programs that the real ones need beside them. Nothing starts them here, but policies
# written for the real SDK name their classes, so the policy must know them.
set(KOSIX_COMPANIONS_precompiled_vfs::VfsSdCardFs kl.drivers.SDCard kl.drivers.BSP)
set(KOSIX_COMPANIONS_precompiled_vfs::VfsNet kl.drivers.DNetSrv kl.EntropyEntity)

# kosix_program(<entry> <out>): splits one entry into <out>_CLASS, _FILE, _TARGET, _ID.
function(kosix_program entry out)
  string(REPLACE "|" ";" parts "${entry}")
  foreach(field CLASS FILE TARGET ID)
    list(POP_FRONT parts value)
    set(${out}_${field} ${value} PARENT_SCOPE)
  endforeach()
endfunction()
