import {lstat, readdir, rename, rm, rmdir} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {asFailure, Failure} from '../failure.ts';
import {type Build, readBuildInPlace} from '../image/manifest.ts';
import {ownCommand} from '../invocation.ts';
import {shortName, type Template, templateId} from '../recipe/template.ts';

/** Told why a folder among a template's builds is left out. */
export type LeftOut = (failure: Failure) => void;

/**
 * The builds in the output's folder that are a template's, whatever day its version carries; the newest first. What is
 * not a build is left out, and told.
 */
export async function buildsOf(folder: string, template: Template, leftOut: LeftOut): Promise<Build[]> {
  const ids = await readdir(folder).catch(() => []);
  const builds = await Promise.all(
    ids
      .filter((id) => mayBeOf(id, template))
      .map(async (id) => {
        const serials = await readdir(join(folder, id)).catch(() => []);
        const whole = serials.filter((serial) => !serial.startsWith('.'));
        return Promise.all(whole.map((serial) => readOr(join(folder, id, serial), leftOut)));
      }),
  );
  return builds
    .flat(2)
    .filter(({manifest}) => isOf(manifest.template, template) && manifest.release === template.release)
    .sort((a, b) => (a.manifest.serial < b.manifest.serial ? 1 : -1));
}

/** The build, or none where there is another thing; a folder that has gone meanwhile is no news. */
async function readOr(folder: string, leftOut: LeftOut): Promise<Build[]> {
  try {
    return [await readBuildInPlace(folder)];
  } catch (error) {
    const there = await lstat(folder).catch(() => undefined);
    if (there !== undefined) leftOut(asFailure(error));
    return [];
  }
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

/**
 * A template's newest build. Throws a Failure that says how to make one, or, where there is only something that is not
 * a build, what is wrong with it.
 */
export async function latestBuild(folder: string, template: Template, leftOut: LeftOut): Promise<Build> {
  const odd: Failure[] = [];
  const [latest] = await buildsOf(folder, template, (failure) => odd.push(failure));
  const [first] = odd;
  if (latest === undefined && first !== undefined) throw first;
  for (const failure of odd) leftOut(failure);
  if (latest !== undefined) return latest;
  const name = shortName(template);
  throw new Failure(`${name} has not been built`, {
    kind: 'usage',
    remedy: `Run \`${ownCommand('build', name)}\` first.`,
  });
}

/**
 * Removes all of a template's builds but the one given: a newer one takes the place of the older. What is not a build
 * stays, and is told.
 */
export async function removeOthers(
  folder: string,
  template: Template,
  keep: Build,
  leftOut: LeftOut,
): Promise<void> {
  for (const build of await buildsOf(folder, template, leftOut)) {
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
