# A branch's releases as Alpine has them: the minirootfs, its signature, and the list that names it.
set -e
folder=$1/releases/x86_64 branch=$2 version=$3 minirootfs=$4
file=alpine-minirootfs-$version-x86_64.tar.gz
mkdir -p "$folder"
cd "$folder"
cp "$minirootfs" "$file"
sha256sum "$file" > "$file.sha256"
gpg --batch --local-user release@example.org --armor --detach-sign "$file"
cat > latest-releases.yaml <<YAML
---
-
  title: "Mini root filesystem"
  desc: |
    Minimal root filesystem.
    For use in containers
    and minimal chroots.
  branch: $branch
  arch: x86_64
  version: $version
  flavor: alpine-minirootfs
  file: $file
  iso: $file
  date: $(date +%Y-%m-%d)
  time: $(date +%H:%M:%S)
  size: $(stat -c %s "$file")
  sha256: $(sha256sum "$file" | cut -d' ' -f1)
  sha512: $(sha512sum "$file" | cut -d' ' -f1)
YAML
