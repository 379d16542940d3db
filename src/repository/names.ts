import {Failure} from '../failure.ts';
import {buildFiles, type Manifest} from '../image/manifest.ts';
import {timeOf} from '../recipe/serial.ts';
import {templateId} from '../recipe/template.ts';
import {defaultName} from './tree.ts';

/** The names a repository has at its root; no vendor can be called so, for vendors stand beside them. */
export const rootNames: ReadonlySet<string> = new Set([defaultName, 'builds', 'v1', 'streams', 'meta']);

/** A name that is one part of a path and means the same in a URL, unescaped (RFC 3986, section 2.3, and `+`). */
const plainName = /^[A-Za-z0-9][A-Za-z0-9._~+-]*$/;

/** Throws a Failure when a manifest's names cannot be a repository's paths. */
export function checkNames({id, template, serial, tags, files}: Manifest): void {
  const fields = Object.entries({...template});
  const named = [
    ...fields,
    ...tags.map((tag) => ['tag', tag] as const),
    ...Object.keys(files).map((file) => ['file', file] as const),
  ];
  for (const [field, name] of named) {
    if (!plainName.test(name)) {
      throw new Failure(`${id}: the ${field} ${JSON.stringify(name)} cannot be a path in a repository`, {
        remedy: 'Names are letters, digits and . _ ~ + -, and begin with a letter or a digit.',
      });
    }
  }
  if (rootNames.has(template.vendor) || template.variant === defaultName) {
    const field = rootNames.has(template.vendor) ? 'vendor' : 'variant';
    throw new Failure(`${id}: a ${field} cannot be called ${template[field]}`, {
      remedy: 'The repository has a folder or a link of that name; choose another.',
    });
  }
  if (id !== templateId(template)) {
    throw new Failure(`${id} is not the id of the template in its manifest, ${templateId(template)}`);
  }
  if (Object.hasOwn(files, buildFiles.manifest)) {
    throw new Failure(`${id}: the manifest lists itself among its files`);
  }
  timeOf(serial);
}
