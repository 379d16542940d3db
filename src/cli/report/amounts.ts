/** Seconds as people read them: `21 s`, `1m 03s`, `2h 05m`. */
export function showSeconds(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}m ${twoDigits(whole % 60)}s`;
  return `${Math.floor(minutes / 60)}h ${twoDigits(minutes % 60)}m`;
}

/** Bytes as people read them, in powers of 1000: `89.3 MB`, `1.2 GB`. */
export function showBytes(bytes: number): string {
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}
