# The keys that sign: one of OpenPGP for releases, one of RSA for packages and indexes.
set -e
key=$1 keys=$2
export GNUPGHOME=/root/.gnupg
gpg --batch --passphrase '' --quick-generate-key 'Look-alike <release@example.org>' rsa2048 sign never
gpg --armor --export release@example.org > "$keys/release.asc"
openssl genrsa -out "$key" 2048
openssl rsa -in "$key" -pubout -out "$key.pub"
cp "$key.pub" "$keys/"
