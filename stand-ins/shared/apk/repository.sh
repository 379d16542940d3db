# Makes the packages its input lists, a line each: name, version, folder, dependencies; and their index.
# What abuild(1) does: a package is three gzip streams of tar segments, signature, control and data, of which only the
# last has tar's end marks; files of the data have their SHA-1 in a header, the control has the data's SHA-256, and the
# signature is of the control's SHA-1. An index is signed in the same way.
set -e
repository=$1 key=$2 apk=$3
tar() { command tar --sort=name --owner=0 --group=0 --numeric-owner --mtime=@1700000000 --format=ustar "$@"; }
segment() { perl /srv/apk/segment.pl "$@"; }
sign() {
  signature=.SIGN.RSA.$(basename "$key").pub
  openssl dgst -sha1 -sign "$key" -out "/srv/sign/$signature" "$1"
  { tar --create --directory=/srv/sign "$signature" | segment cut | gzip -9n; cat "$1"; } > "$1.signed"
  mv "$1.signed" "$1"
}
mkdir -p /srv/sign
while read -r name version folder depends; do
  control=/srv/control/$name; mkdir -p "$control"; rm -f /srv/sign/.SIGN*
  (cd "$folder" && find . -mindepth 1 -maxdepth 1 -printf '%P\n' | sort | tar --create --files-from=-) \
    | segment hash | gzip -6n > /srv/data.tar.gz
  {
    printf 'pkgname = %s\npkgver = %s\npkgdesc = %s of a stand-in mirror\n' "$name" "$version" "$name"
    printf 'url = https://example.org/\nbuilddate = 1700000000\npackager = stand-in\narch = x86_64\n'
    printf 'size = %s\norigin = %s\nlicense = various\n' "$(du -sb "$folder" | cut -f1)" "$name"
    for each in $depends; do printf 'depend = %s\n' "$each"; done
    printf 'datahash = %s\n' "$(sha256sum /srv/data.tar.gz | cut -d' ' -f1)"
  } > "$control/.PKGINFO"
  tar --create --directory="$control" .PKGINFO | segment cut | gzip -9n > /srv/control.tar.gz
  sign /srv/control.tar.gz
  cat /srv/control.tar.gz /srv/data.tar.gz > "$repository/$name-$version.apk"
done
mkdir -p "$apk/srv/repository"
cp "$repository"/*.apk "$apk/srv/repository/"
cp "$key.pub" "$apk/etc/apk/keys/"
chroot "$apk" sh -c 'cd /srv/repository && apk index --rewrite-arch x86_64 --output APKINDEX.tar.gz *.apk'
rm -f /srv/sign/.SIGN*
sign "$apk/srv/repository/APKINDEX.tar.gz"
mv "$apk/srv/repository/APKINDEX.tar.gz" "$repository/"
rm -r "$apk/srv/repository"
