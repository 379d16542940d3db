import {readdir, rename, rm, rmdir} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {Failure} from '../failure.ts';
import {type Build, readBuild} from '../image/manifest.ts';
import {shortName, type Template, templateId} from '../recipe/template.ts';

/** The builds in the output's folder that are a template's, whatever day its version carries; the newest first. */
export async function buildsOf(folder: string, template: Template): Promise<Build[]> {
  const ids = await readdir(folder).catch(() => []);
  const builds = await Promise.all(
    ids
      .filter((id) => mayBeOf(id, template))
      .map(async (id) => {
        const serials = await readdir(join(folder, id)).catch(() => []);
        const whole = serials.filter((serial) => !serial.startsWith('.'));
        return Promise.all(whole.map((serial) => readBuild(join(folder, id, serial))));
      }),
  );
  return builds
    .flat()
    .filter(({manifest}) => isOf(manifest.template, template) && manifest.release === template.release)
    .sort((a, b) => (a.manifest.serial < b.manifest.serial ? 1 : -1));
}

/** Whether an id can be the template's: its version is the release, with a day (`testing-20261123`), or the day alone. */
function mayBeOf(id: string, template: Template): boolean {
  const versions = [template.release, `${template.release}-YYYYMMDD`, 'YYYYMMDD'];
  const anyDay = id.replace(/(?<=-)\d{8}(?=-)/g, 'YYYYMMDD');
  return versions.some((version) => [id, anyDay].includes(templateId({...template, version})));
}

function isOf(name: Build['manifest']['template'], template: Template): boolean {
  const fields = ['distribution', 'arch', 'vendor', 'variant'] as const;
  return fields.every((field) => name[field] === template[field]);
}

/** A template's newest build; throws a Failure that says how to make one. */
export async function latestBuild(folder: string, template: Template): Promise<Build> {
  const [latest] = await buildsOf(folder, template);
  if (latest !== undefined) return latest;
  const name = shortName(template);
  throw new Failure(`${name} has not been built`, {
    kind: 'usage',
    remedy: `Run \`osctl-template build ${name}\` first.`,
  });
}

/** Removes all of a template's builds but the one given: a newer one takes the place of the older. */
export async function removeOthers(folder: string, template: Template, keep: Build): Promise<void> {
  for (const build of await buildsOf(folder, template)) {
    if (build.manifest.serial === keep.manifest.serial) continue;
    const parent = dirname(build.folder);
    // killed in between, half a build must not pass for one: `removeUnfinished` knows it by its dot
    const aside = join(parent, `.${build.manifest.serial}`);
    await rename(build.folder, aside);
    await rm(aside, {recursive: true, force: true});
    await removeUnfinished(parent);
    await rmdir(parent).catch(() => undefined); // not while it has another build
  }
  await removeUnfinished(join(folder, templateId(template)));
}

/** Removes what killed runs left in the folder of an id's builds. */
async function removeUnfinished(folder: string): Promise<void> {
  for (const serial of await readdir(folder).catch(() => [])) {
    if (serial.startsWith('.')) await rm(join(folder, serial), {recursive: true, force: true});
  }
}
