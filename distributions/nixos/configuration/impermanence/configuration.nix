# This system. After a change: nixos-rebuild switch
{ pkgs, ... }:

{
  imports = [ ./vpsadminos.nix ./impermanence.nix ];

  environment.systemPackages = [ pkgs.vim ];

  # Root logs in with a key. A password is forgotten with the root filesystem: keep its hash in a file below
  # /persistent, and name that here.
  services.openssh.enable = true;
  services.openssh.settings.PermitRootLogin = "yes";
  services.openssh.settings.KbdInteractiveAuthentication = false;
  # users.users.root.openssh.authorizedKeys.keys = [ "ssh-ed25519 AAAA…" ];
  # users.users.root.hashedPasswordFile = "/persistent/etc/root-password";

  i18n.defaultLocale = "en_US.UTF-8";
  time.timeZone = "UTC";

  # The release this system was installed with. It stays when you upgrade: see the option's description.
  system.stateVersion = "@stateVersion@";
}
