# The stand-in of NixOS' entry point: the same arguments and results as nixpkgs/nixos/default.nix has.
{ configuration, system ? builtins.currentSystem }:
let
  pkgs = import ../packages.nix { inherit system; };
  inherit (import ../lib.nix) evalModules;
  config = evalModules {
    inherit pkgs;
    modules = [ ./options.nix ./system.nix configuration ];
  };
in
{
  inherit config pkgs;
  system = config.system.build.toplevel;
}
