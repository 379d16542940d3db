const unitBytes: Readonly<Record<string, number>> = {K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40};
const unitSeconds: Readonly<Record<string, number>> = {s: 1, m: 60, h: 3600};

/** Bytes of `512M` or `1.5G`; undefined for anything else. A unit is a power of 1024, as with systemd and LXC. */
export function parseBytes(text: string): number | undefined {
  const bytes = scaled(text, unitBytes);
  return bytes === undefined ? undefined : Math.round(bytes);
}

/** Seconds of `90s`, `10m` or `1.5h`; undefined for anything else. */
export function parseSeconds(text: string): number | undefined {
  return scaled(text, unitSeconds);
}

/** A number written with digits and perhaps a fraction; undefined for anything else. */
export function parseNumber(text: string): number | undefined {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
}

/** More than nothing, as a number and one of the units. */
function scaled(text: string, units: Readonly<Record<string, number>>): number | undefined {
  const number = parseNumber(text.slice(0, -1));
  const unit = units[text.slice(-1)];
  return number === undefined || unit === undefined || number === 0 ? undefined : number * unit;
}
