# The root filesystem is new and empty at every start; what stays is in /nix and /persistent. It belongs to the
# template as vpsadminos.nix does.
{ lib, ... }:

let
  # mounted before the activation, which writes to them
  kept = [ "/etc/nixos" "/var/lib/nixos" "/var/log" ];
  keptMount = path: {
    name = path;
    value = { device = "/persistent${path}"; fsType = "none"; options = [ "bind" ]; };
  };
in
{
  boot.specialFileSystems = builtins.listToAttrs (map keptMount kept);

  # systemd writes the machine id of a first boot into the file that it finds, which need not be moved to a disk
  boot.postBootCommands = ''
    touch /etc/machine-id
    mount --bind /persistent/etc/machine-id /etc/machine-id
  '';

  systemd.services.systemd-machine-id-commit.enable = false;

  services.openssh.hostKeys = lib.mkForce [
    { type = "ed25519"; path = "/persistent/etc/ssh/ssh_host_ed25519_key"; }
    { type = "rsa"; bits = 4096; path = "/persistent/etc/ssh/ssh_host_rsa_key"; }
  ];
}
