# This system. After a change: nixos-rebuild switch
{ pkgs, ... }:

{
  imports = [ ./vpsadminos.nix ];

  environment.systemPackages = [ pkgs.vim ];

  # Root logs in with a key, or with a password once one is set.
  services.openssh.enable = true;
  services.openssh.settings.PermitRootLogin = "yes";
  services.openssh.settings.KbdInteractiveAuthentication = false;
  # users.users.root.openssh.authorizedKeys.keys = [ "ssh-ed25519 AAAA…" ];

  i18n.defaultLocale = "en_US.UTF-8";
  time.timeZone = "UTC";

  # The release this system was installed with. It stays when you upgrade: see the option's description.
  system.stateVersion = "@stateVersion@";
}
