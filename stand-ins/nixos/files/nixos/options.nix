# The defaults of the options that the stand-in knows.
{ lib, ... }:
let inherit (lib) mkDefault;
in
{
  boot.isContainer = mkDefault false;
  boot.postBootCommands = mkDefault "";
  boot.specialFileSystems = { };
  environment.systemPackages = [ ];
  fileSystems = { };
  i18n.defaultLocale = mkDefault "en_US.UTF-8";
  networking.hostName = mkDefault "nixos";
  networking.useDHCP = mkDefault true;
  networking.dhcpcd.extraConfig = mkDefault "";
  networking.resolvconf.enable = mkDefault true;
  nix.settings.build-users-group = mkDefault "nixbld";
  nix.settings.require-sigs = mkDefault true;
  nix.settings.sandbox = mkDefault true;
  nix.settings.substituters = [ "https://cache.nixos.org/" ];
  nix.settings.trusted-public-keys = [ "cache.nixos.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=" ];
  services.openssh.enable = mkDefault false;
  services.openssh.settings = { };
  services.openssh.hostKeys = mkDefault [
    { type = "ed25519"; path = "/etc/ssh/ssh_host_ed25519_key"; }
    { type = "rsa"; path = "/etc/ssh/ssh_host_rsa_key"; }
  ];
  systemd.mounts = [ ];
  # as NixOS has it: agetty opens the console by its name
  systemd.services.console-getty.serviceConfig.ExecStart =
    [ "" "/run/current-system/sw/bin/agetty --login-program /run/current-system/sw/bin/login --noclear --keep-baud console 115200 linux" ];
  systemd.sockets = { };
  systemd.settings.Manager = { };
}
