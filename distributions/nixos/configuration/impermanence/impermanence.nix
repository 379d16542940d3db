# The root filesystem is new and empty at every start; what stays is in /nix and /persistent. It belongs to the
# template as vpsadminos.nix does. (Started with a root that stays, the system has no /persistent, and needs none.)
{ ... }:

let
  # mounted before the activation, which writes to them
  kept = [ "/etc/nixos" "/etc/ssh" "/var/lib/nixos" "/var/log" ];
  keptMount = path: {
    name = path;
    value = { device = "/persistent${path}"; fsType = "none"; options = [ "bind" ]; };
  };
in
{
  boot.specialFileSystems = builtins.listToAttrs (map keptMount kept);

  # systemd writes the machine id of a first boot into the file that it finds, which need not be moved to a disk
  boot.postBootCommands = ''
    if [ -e /persistent/etc/machine-id ]; then
      touch /etc/machine-id
      mount --bind /persistent/etc/machine-id /etc/machine-id
    fi
  '';
  systemd.services.systemd-machine-id-commit.enable = false;
}
