# A tar segment from a tar: "cut" leaves its end marks out, "hash" puts each file's SHA-1 into a header before it.
use strict; use Digest::SHA qw(sha1_hex); binmode STDIN; binmode STDOUT;
my $cut = $ARGV[0] eq 'cut'; local $/; my $in = <STDIN>; my ($at, $out) = (0, '');
while (1) {
  my $head = substr $in, $at, 512;
  last if length $head < 512 or $head =~ /^\0/;
  my $size = oct((substr $head, 124, 12) =~ s/[\0 ].*//sr || 0); my $type = substr $head, 156, 1;
  my $blocks = int(($size + 511) / 512) * 512; my $body = substr $in, $at + 512, $blocks;
  if (!$cut and $type =~ /^[02]$/) {
    my $hashed = $type eq '0' ? substr($body, 0, $size) : (substr $head, 157, 100) =~ s/\0.*//sr;
    my $record = sprintf " APK-TOOLS.checksum.SHA1=%s\n", sha1_hex($hashed);
    $record = (length($record) + 2) . $record; my $pax = $head;
    substr($pax, 0, 100) = pack 'a100', 'PaxHeader'; substr($pax, 345, 155) = "\0" x 155;
    substr($pax, 124, 12) = sprintf "%011o\0", length $record; substr($pax, 156, 1) = 'x';
    substr($pax, 148, 8) = ' ' x 8; my $sum = 0; $sum += $_ for unpack 'C512', $pax;
    substr($pax, 148, 8) = sprintf "%06o\0 ", $sum; $out .= $pax . pack('a512', $record);
  }
  $out .= $head . $body; $at += 512 + $blocks;
}
$out .= "\0" x 1024 unless $cut; print $out;
