# Lays Debian's programs out as the folders of packages, which its input lists, a line each: package, from, to; their
# libraries, and glibc's loader, become a package of their own. musl looks for neither where they are.
set -e
tree=/srv/debian packages=/srv/packages libraries=$1 suite=$2 include=$3
mmdebstrap --mode=root --variant=extract --format=directory --aptopt='Acquire::Check-Valid-Until "false"' \
  --dpkgopt='path-exclude=/usr/share/*' --include="$include" "$suite" "$tree"
while read -r package from to; do
  mkdir -p "$packages/$package/$(dirname "$to")"
  cp -a "$tree/$from" "$packages/$package/$to"
done
found=usr/lib/x86_64-linux-gnu
mkdir -p "$packages/$libraries/$found" "$packages/$libraries/lib64"
find "$packages" -type f -perm -100 -exec sh -c '
  for file; do LD_LIBRARY_PATH=$0 ldd "$file" 2>/dev/null | grep -o "/[^ ]*" || :; done' "$tree/$found" {} + |
  grep '\.so' | sort -u | while read -r library; do
    case $library in
      */ld-linux-x86-64.so.2) cp -L "$library" "$packages/$libraries/lib64/" ;;
      *) cp -L "$tree/$found/$(basename "$library")" "$packages/$libraries/$found/" ;;
    esac
  done
rm -r "$tree"
