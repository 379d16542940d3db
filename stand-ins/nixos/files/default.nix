# The stand-in of nixpkgs' own entry point: its packages.
{ system ? builtins.currentSystem }: import ./packages.nix { inherit system; }
