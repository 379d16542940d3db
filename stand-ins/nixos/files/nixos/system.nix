# A system made of a configuration as NixOS makes one: units and other files of /etc, programs, and the scripts that
# put them in place. Debian's programs want their libraries in /usr/lib, so the activation links that, too.
{ config, pkgs, ... }:
let
  system = "x86_64-linux";
  busybox = "${pkgs.busybox}/bin";

  # Runs a script that makes $out.
  build = name: variables: script: derivation ({
    inherit name system;
    builder = "${busybox}/sh";
    args = [ "-e" "-c" "eval \"$script\"" ];
    inherit script;
    PATH = busybox;
  } // variables);

  lines = builtins.concatStringsSep "\n";
  attributes = render: set: lines (builtins.attrValues (builtins.mapAttrs render set));
  word = value: if value == true then "yes" else if value == false then "no" else toString value;
  list = value: if builtins.isList value then value else [ value ];

  packages = builtins.attrValues (removeAttrs pkgs [ "busybox" "tree" "vim" ]);
  installed = packages ++ config.environment.systemPackages;

  # One folder of links to what all packages have there.
  union = name: folder: build name { packages = installed; } ''
    mkdir -p $out
    for package in $packages; do
      [ -d $package/${folder} ] || continue
      cd $package/${folder}
      find . -type d -exec mkdir -p $out/{} \;
      find . ! -type d | while read -r file; do ln -sf $package/${folder}/$file $out/$file; done
    done
  '';
  programs = union "system-path" "bin";
  libraries = union "libraries" "lib";
  shared = union "share" "share";

  nixSetting = name: value: "${name} = ${if builtins.isBool value then builtins.toJSON value else toString value}";
  setting = name: value: lines (map (each: "${name}=${toString each}") (list value));
  section = title: set: "[${title}]\n${attributes setting set}\n";
  unit = { description ? null, wantedBy ? [ ], before ? [ ], after ? [ ], path ? [ ], unitConfig ? { }, serviceConfig ? { }, ... }:
    section "Unit" (
      (if description == null then { } else { Description = description; })
      // (if before == [ ] then { } else { Before = toString before; })
      // (if after == [ ] then { } else { After = toString after; })
      // unitConfig
    )
    + section "Service" (
      serviceConfig
      // { Environment = "PATH=${builtins.concatStringsSep ":" (map (package: "${package}/bin") (path ++ [ pkgs.coreutils ]))}"; }
    );

  # Whole units, drop-ins for those that systemd brings, and masks.
  unitFile = suffix: name: settings:
    if settings.enable or true == false then "ln -s /dev/null $out/${name}.${suffix}"
    else if settings ? description then lines ([
      "cat > $out/${name}.${suffix} <<'EOF'\n${unit settings}EOF"
    ] ++ map
      (target: "mkdir -p $out/${target}.wants; ln -s ../${name}.${suffix} $out/${target}.wants/")
      (settings.wantedBy or [ ]))
    else ''
      mkdir -p $out/${name}.${suffix}.d
      cat > $out/${name}.${suffix}.d/overrides.conf <<'EOF'
      ${section "Service" (settings.serviceConfig or { })}
      EOF
    '';
  mountFile = { where, enable ? true, ... }:
    if enable then "" else "ln -s /dev/null $out/$(echo ${where} | sed 's#^/##; s#/#-#g').mount";

  ownServices = (if !config.services.openssh.enable then { } else {
    sshd = {
      description = "SSH Daemon";
      wantedBy = [ "multi-user.target" ];
      after = [ "network.target" ];
      path = [ pkgs.openssh ];
      serviceConfig = {
        ExecStartPre = "${sshKeys}";
        ExecStart = "${pkgs.openssh}/bin/sshd -D -f /etc/ssh/sshd_config";
        RuntimeDirectory = "sshd";
        KillMode = "process";
      };
    };
  }) // (if !config.networking.useDHCP then { } else {
    dhcpcd = {
      description = "DHCP Client";
      wantedBy = [ "multi-user.target" ];
      after = [ "network.target" ];
      serviceConfig.ExecStart = "${pkgs.dhcpcd}/bin/dhcpcd --nobackground --config /etc/dhcpcd.conf";
      serviceConfig.RuntimeDirectory = "dhcpcd";
    };
  });
  sshKeys = build "sshd-keys" { } ''
    cat > $out <<'EOF'
    #! ${busybox}/sh
    ${lines (map ({ type, path, ... }: ''
      [ -e ${path} ] || {
        ${busybox}/mkdir -p $(${busybox}/dirname ${path})
        ${pkgs.openssh}/bin/ssh-keygen -q -t ${type} -N "" -f ${path}
      }
    '') config.services.openssh.hostKeys)}
    EOF
    chmod +x $out
  '';

  units = build "system-units" { } ''
    mkdir -p $out
    ${attributes (unitFile "service") (config.systemd.services // ownServices)}
    ${attributes (unitFile "socket") config.systemd.sockets}
    ${lines (map mountFile config.systemd.mounts)}
    # what a system without Debian's /usr cannot run
    for unit in tmp.mount run-lock.mount dev-hugepages.mount dev-mqueue.mount sys-kernel-config.mount sys-kernel-tracing.mount \
        sys-fs-fuse-connections.mount proc-sys-fs-binfmt_misc.automount systemd-remount-fs.service \
        systemd-modules-load.service systemd-binfmt.service systemd-firstboot.service dbus-org.freedesktop.timedate1.service; do
      ln -sf /dev/null $out/$unit
    done
  '';

  etc = build "etc" { } ''
    mkdir -p $out/nix $out/systemd $out/ssh
    for part in pam.d security dbus-1 login.defs; do
      for package in ${toString packages}; do
        [ ! -e $package/etc/$part ] || cp -rf $package/etc/$part $out/
        chmod -R u+w $out
      done
    done
    ln -s ${units} $out/systemd/system
    cat > $out/systemd/system.conf <<'EOF'
    ${section "Manager" config.systemd.settings.Manager}
    EOF
    cat > $out/ssh/sshd_config <<'EOF'
    UsePAM yes
    ${lines (map ({ path, ... }: "HostKey ${path}") config.services.openssh.hostKeys)}
    ${attributes (name: value: "${name} ${word value}") config.services.openssh.settings}
    EOF
    cat > $out/nix/nix.conf <<'EOF'
    ${attributes nixSetting config.nix.settings}
    EOF
    cat > $out/dhcpcd.conf <<'EOF'
    ${config.networking.dhcpcd.extraConfig}
    EOF
    printf '127.0.0.1 localhost\n::1 localhost\n' > $out/hosts
    printf 'export LANG=%s\n' ${config.i18n.defaultLocale} > $out/profile
    printf 'ID=nixos\nNAME=NixOS\nPRETTY_NAME="NixOS stand-in"\n' > $out/os-release
    printf 'passwd: files\ngroup: files\nshadow: files\nhosts: files dns\n' > $out/nsswitch.conf
    ${if config.networking.hostName == "" then "" else "echo ${config.networking.hostName} > $out/hostname"}
  '';

  init = build "init" { } ''
    cat > $out <<'EOF'
    #! ${busybox}/sh
    # Stage 2: what a container needs before systemd
    export PATH=${busybox}
    mkdir -p /proc /run /nix/var
    ${attributes (path: { device ? "none", fsType ? "none", options ? [ ], ... }: ''
      mkdir -p ${path}
      mountpoint -q ${path} || mount ${if fsType == "none" then "" else "-t ${fsType}"} ${if options == [ ] then "" else "-o ${builtins.concatStringsSep "," options}"} ${device} ${path}
    '') config.boot.specialFileSystems}
    @systemConfig@/activate
    ln -sfn @systemConfig@ /run/booted-system
    ${config.boot.postBootCommands}
    exec /usr/lib/systemd/systemd --unit=multi-user.target
    EOF
  '';

  activate = build "activate" { } ''
    cat > $out <<'EOF'
    #! ${busybox}/sh
    systemConfig=@systemConfig@
    export PATH=${busybox}
    umask 022
    mkdir -p /bin /usr/bin /usr/sbin /etc /home /var/lib /var/log /var/empty /run
    mkdir -p -m 0700 /root
    mkdir -p -m 1777 /tmp /var/tmp
    ln -sfn ${pkgs.bash}/bin/bash /bin/sh
    ln -sfn ${pkgs.coreutils}/bin/env /usr/bin/env
    ln -sfn ${pkgs.debian}/lib64 /lib64
    ln -sfn ${libraries} /usr/lib
    ln -sfn ${libraries} /lib
    ln -sfn ${shared} /usr/share
    ln -sfn $systemConfig/sw/bin/unix_chkpwd /usr/sbin/unix_chkpwd
    ln -sfn $systemConfig /run/current-system
    ln -sfn $systemConfig/etc /etc/static
    ln -sfn /proc/mounts /etc/mtab
    (cd $systemConfig/etc/ && find . ! -type d) | while read -r file; do
      mkdir -p "$(dirname "/etc/$file")"
      ln -sfn "/etc/static/$file" "/etc/$file"
    done
    : > /etc/NIXOS
    if [ ! -e /etc/passwd ]; then
      printf 'root:x:0:0:System administrator:/root:/run/current-system/sw/bin/bash\nsshd:x:998:998::/var/empty:/bin/false\nmessagebus:x:4:4::/var/empty:/bin/false\ndhcpcd:x:997:997::/var/empty:/bin/false\nnixbld1:x:30001:30000::/var/empty:/bin/false\nnobody:x:65534:65534::/var/empty:/bin/false\n' > /etc/passwd
      printf 'root:x:0:\nsshd:x:998:\nmessagebus:x:4:\ndhcpcd:x:997:\nshadow:x:42:\ntty:x:5:\nsystemd-journal:x:62:\nnixbld:x:30000:nixbld1\nnogroup:x:65534:\n' > /etc/group
      (umask 027; printf 'root:!:1::::::\nsshd:!:1::::::\nmessagebus:!:1::::::\ndhcpcd:!:1::::::\nnixbld1:!:1::::::\nnobody:!:1::::::\n' > /etc/shadow)
    fi
    EOF
  '';
in
{
  system.build.toplevel = build "nixos-system-${if config.networking.hostName == "" then "unnamed" else config.networking.hostName}-${builtins.readFile ../.version}" { inherit init activate; } ''
    mkdir -p $out/sw
    for script in init activate; do
      eval "file=\$$script"
      sed "s#@systemConfig@#$out#" $file > $out/$script
      chmod +x $out/$script
    done
    ln -s ${etc} $out/etc
    ln -s ${programs} $out/sw/bin
    ln -s ${shared} $out/sw/share
    printf %s "${builtins.readFile ../.version}${builtins.readFile ../.version-suffix}" > $out/nixos-version
  '';
}
