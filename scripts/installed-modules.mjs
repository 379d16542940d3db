// Exits 0 when node_modules holds what package-lock.json names, 1 when `npm ci` has something to do.
//
// npm keeps its own record of what it installed in node_modules/.package-lock.json, in the same form. Packages for
// other platforms are optional and missing there. Plain JavaScript: the Node.js that runs this may be an old one.
import {readFileSync} from 'node:fs';

const packages = (path) => {
  try {
    const {'': _project, ...others} = JSON.parse(
      readFileSync(new URL(path, import.meta.url), 'utf8'),
    ).packages;
    return others;
  } catch {
    return {};
  }
};
const wanted = packages('../package-lock.json');
const installed = packages('../node_modules/.package-lock.json');

const missing = Object.keys(wanted).some((path) =>
  installed[path] === undefined ? !wanted[path].optional : installed[path].version !== wanted[path].version,
);
const left = Object.keys(installed).some((path) => wanted[path] === undefined);
process.exitCode = missing || left ? 1 : 0;
