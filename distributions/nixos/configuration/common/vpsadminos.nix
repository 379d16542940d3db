# What NixOS needs to run as a container of vpsAdminOS. It belongs to the template: take the file from a newer
# template when you upgrade, and keep what is yours in configuration.nix.
{ lib, pkgs, ... }:

{
  # A template that was built from another binary cache than NixOS' own names its keys there.
  imports = lib.optional (builtins.pathExists ./binary-cache.nix) ./binary-cache.nix;

  boot.isContainer = true;
  # ramfs cannot be mounted in a user namespace
  boot.specialFileSystems."/run/keys".fsType = lib.mkForce "tmpfs";

  # The node gives the container its hostname when it starts; one that is set here is used instead.
  networking.hostName = lib.mkDefault "";

  # The node writes /etc/resolv.conf: nothing in here may.
  networking.useHostResolvConf = false;
  networking.resolvconf.enable = false;

  # Only bridged interfaces have a DHCP server to find: the boot does not wait for one, nor dhcpcd for a udev that
  # may not run.
  networking.dhcpcd.wait = "background";
  networking.dhcpcd.extraConfig = ''
    nodev
    noipv4ll
    nohook resolv.conf
  '';

  # The node writes how the network is set up and taken down.
  systemd.services.vpsadminos-network = {
    description = "Network as the vpsAdminOS node has it";
    wantedBy = [ "multi-user.target" "network.target" ];
    before = [ "network.target" ];
    after = [ "network-pre.target" ];
    path = [ pkgs.iproute2 ];
    unitConfig.ConditionPathExists = "/ifcfg.add";
    serviceConfig = {
      Type = "oneshot";
      RemainAfterExit = true;
      ExecStart = "${pkgs.bash}/bin/bash /ifcfg.add";
      ExecStop = "-${pkgs.bash}/bin/bash /ifcfg.del";
    };
    # an upgrade must not take away the network it is watched over
    restartIfChanged = false;
  };

  # The node's own: kernel settings, its memory, audit, debugfs.
  systemd.services.systemd-sysctl.enable = false;
  systemd.services.systemd-oomd.enable = false;
  systemd.sockets.systemd-journald-audit.enable = false;
  systemd.mounts = [ { where = "/sys/kernel/debug"; enable = false; } ];

  # Only network interfaces are the container's own; the node's other devices cannot be triggered from here.
  systemd.additionalUpstreamSystemUnits = [ "systemd-udev-trigger.service" ];
  systemd.services.systemd-udev-trigger.serviceConfig.ExecStart = [
    ""
    "-udevadm trigger --action=add --subsystem-match=net"
  ];

  # The console is a terminal that agetty opens by itself: systemd 258 and newer cannot take it over.
  systemd.services.console-getty.serviceConfig = {
    StandardInput = "null";
    StandardOutput = "null";
  };

  # A busy node may be slow.
  systemd.settings.Manager.DefaultTimeoutStartSec = "900s";

  # A server answers at once.
  services.openssh.startWhenNeeded = false;
}
