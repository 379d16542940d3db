# A group of Debian's packages as one of Nix: bin, lib, lib64, etc, share.
set -e
cd "/srv/userland/$group"
mkdir -p "$out"
for folder in usr/sbin usr/bin; do
  # a program that is in both is a link in the first
  [ ! -d $folder ] || { mkdir -p "$out/bin" && cp -a --remove-destination $folder/. "$out/bin/"; }
done
for folder in usr/lib usr/lib64 usr/share etc; do
  [ ! -d $folder ] || cp -a $folder "$out/$(basename $folder)"
done
# as in NixOS, a unit's programs are the system's, not of /usr
find "$out" -path '*/systemd/system/*' -type f -exec sed -i -E \
  -e 's#^(Exec[A-Za-z]*=[-+!@:|]*)/(usr/)?s?bin/#\1/run/current-system/sw/bin/#' \
  -e 's#^(Exec[A-Za-z]*=[-+!@:|]*)([a-z])#\1/run/current-system/sw/bin/\2#' {} +
if [ "$group" = busybox ]; then
  for applet in $("$out/bin/busybox" --list); do [ -e "$out/bin/$applet" ] || ln -s busybox "$out/bin/$applet"; done
fi
