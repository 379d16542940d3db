# As much of nixpkgs' lib as the stand-in's modules need: priorities, and definitions that are merged.
rec {
  mkOverride = priority: content: { _type = "override"; inherit priority content; };
  mkDefault = mkOverride 1000;
  mkForce = mkOverride 50;

  # One value of several definitions: those of the lowest priority count, sets and lists are merged.
  merge = definitions:
    let
      prioritised = map (value: if value._type or "" == "override" then value else { priority = 100; content = value; }) definitions;
      lowest = builtins.foldl' (least: { priority, ... }: if priority < least then priority else least) 9999 prioritised;
      values = map ({ content, ... }: content) (builtins.filter ({ priority, ... }: priority == lowest) prioritised);
      plain = value: builtins.isAttrs value && value.type or "" != "derivation";
    in
    if builtins.all plain values then builtins.zipAttrsWith (_: merge) values
    else if builtins.all builtins.isList values then builtins.concatLists values
    else builtins.elemAt values (builtins.length values - 1);

  # The definitions of a module and of those it imports.
  definitions = arguments: module:
    let
      value = if builtins.isPath module || builtins.isString module then import module else module;
      set = if builtins.isFunction value then value arguments else value;
    in
    builtins.concatMap (definitions arguments) (set.imports or [ ]) ++ [ (removeAttrs set [ "imports" ]) ];

  # The configuration that modules make; they see it while they do.
  evalModules = { modules, pkgs }:
    let config = merge (builtins.concatMap (definitions { inherit config pkgs lib; }) modules);
    in config;

  lib = {
    inherit mkOverride mkDefault mkForce;
    optional = condition: value: if condition then [ value ] else [ ];
  };
}
