#!/bin/sh
# The steps of makeArchive, by name. They run as root in a container of Debian's tools.
set -e
export GNUPGHOME=/srv/gnupg

# gpg at another time, if one is given: 20180617T120000.
gpg_on() { # time argument...
  on=$1
  shift
  gpg --batch --quiet ${on:+--faked-system-time "$on"} "$@"
}

# A key of one's own for an archive, and its public part.
key() { # signer file made expires
  mkdir -p -m 700 $GNUPGHOME
  gpg_on "$3" --passphrase '' --quick-generate-key "$1" rsa3072 sign "$4"
  gpg --export "$1" > "$2"
}

# The essential and the required packages, apt, others and all they depend on, security updates included.
fetch() { # suite folder package...
  suite=$1 folder=$2
  shift 2
  state=$(mktemp -d)
  mkdir -p "$state/lists/partial" "$folder/partial"
  : > "$state/status"
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*; do
    [ ! -f "$file" ] || cp "$file" "$state/$(basename "$file")"
  done
  own=$(. /etc/os-release && echo "$VERSION_CODENAME")
  mkdir "$state/parts"
  for file in "$state"/*.list "$state"/*.sources; do
    [ ! -f "$file" ] || sed "s/$own/$suite/g" "$file" > "$state/parts/$(basename "$file")"
  done
  apt() {
    apt-get -qq -o Dir::Etc::SourceList=/dev/null -o "Dir::Etc::SourceParts=$state/parts" \
      -o "Dir::State=$state" -o "Dir::State::status=$state/status" -o "Dir::Cache::Archives=$folder" \
      -o APT::Sandbox::User=root -o APT::Install-Recommends=false -o Acquire::Check-Valid-Until=false "$@"
  }
  apt update
  apt install --yes --download-only '?essential' '?priority(required)' apt "$@"
  rm -rf "$state" "$folder/partial" "$folder/lock"
}

# A package with another version and what a script changes in it; what it was made of stays in the pool of another pocket.
repack() { # from to package version script
  mkdir -p "$2"
  old=$(ls "$1/$3"_*.deb)
  tree=$(mktemp -d)
  chmod 755 "$tree"
  dpkg-deb --raw-extract "$old" "$tree"
  sed -i "s/^Version: .*/Version: $4/" "$tree/DEBIAN/control"
  (cd "$tree" && eval "$5")
  [ "$1" != "$2" ] || rm "$old"
  dpkg-deb --root-owner-group --build -Zgzip "$tree" "$2" > /dev/null
  rm -rf "$tree"
}

# A suite of the archive, or a pocket of one, with all packages of a folder: pool, indexes, signed Release.
publish() { # folder archive origin suite pocket version signer signed-on valid-until component...
  folder=$1 archive=$2 origin=$3 suite=$4 pocket=$5 version=$6 signer=$7 signed=$8 until=$9
  shift 9
  dist=dists/$suite$pocket
  lists=$(mktemp -d)
  for component; do
    mkdir -p "$archive/$dist/$component/binary-amd64"
    : > "$lists/$component"
  done
  for deb in "$folder"/*.deb; do
    name=$(basename "$deb")
    name=${name%%_*}
    component=$(sed -n "s/^$name //p" /srv/placed)
    component=${component:-$1}
    pool=pool/$component/$(echo "$name" | sed -E 's/^(lib.|.).*/\1/')/$name
    mkdir -p "$archive/$pool"
    cp "$deb" "$archive/$pool/"
    echo "$pool/$(basename "$deb")" >> "$lists/$component"
  done
  cat > "$lists/generate" <<END
Dir { ArchiveDir "$archive"; };
Default { Packages::Compress ". gzip xz"; };
Tree "$dist" { Sections "$*"; Architectures "amd64"; FileList "$lists/\$(SECTION)"; };
END
  cd "$archive"
  apt-ftparchive --no-contents -qq generate "$lists/generate"
  set -- "Origin=$origin" "Label=$origin" "Suite=$suite$pocket" "Codename=$suite" "Version=$version" \
    "Architectures=amd64" "Components=$*"
  fields=$(mktemp)
  for field; do
    echo "APT::FTPArchive::Release::${field%%=*} \"${field#*=}\";"
  done > "$fields"
  apt-ftparchive -c "$fields" release "$dist" > "$lists/Release"
  mv "$lists/Release" "$dist/Release"
  if [ -n "$until" ]; then
    sed -i "s/^Date: .*/Date: $(date --utc --date "$until - 7 days" '+%a, %d %b %Y %H:%M:%S UTC')\nValid-Until: $(date --utc --date "$until" '+%a, %d %b %Y %H:%M:%S UTC')/" "$dist/Release"
  fi
  gpg_on "$signed" --yes --local-user "$signer" --clearsign --output "$dist/InRelease" "$dist/Release"
  gpg_on "$signed" --yes --local-user "$signer" --armor --detach-sign --output "$dist/Release.gpg" "$dist/Release"
  rm -rf "$lists" "$fields"
}

"$@"
