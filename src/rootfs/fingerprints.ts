/** The fingerprints of keys, not of their subkeys, in what gpg prints with colons (its doc/DETAILS). */
export function primaryFingerprints(colons: string): string[] {
  const records = colons.split('\n').map((line) => line.split(':'));
  return records.flatMap(([type], index) => {
    const next = records.slice(index).find(([kind]) => kind === 'fpr');
    return type === 'pub' && next?.[9] !== undefined ? [next[9]] : [];
  });
}
