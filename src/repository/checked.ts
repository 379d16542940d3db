import {Failure} from '../failure.ts';
import {type Build, buildFiles, type Manifest} from '../image/manifest.ts';
import {ownCommand} from '../invocation.ts';
import {defaultName, rootNames} from './tree.ts';

const checked: unique symbol = Symbol('checked');

/** A build that may be published as far as its manifest says; `checkBuild` makes it and nothing else. */
export interface CheckedBuild extends Build {
  readonly [checked]: true;
}

/** Throws a Failure unless the very image that the manifest names was booted and passed, and its names have a place. */
export function checkBuild({folder, manifest}: Build): CheckedBuild {
  checkTested(manifest);
  checkPlace(manifest);
  return {folder, manifest, [checked]: true};
}

/** Throws a Failure when a template's vendor or variant has a name that a repository needs for something else. */
export function checkPlace({id, template}: Manifest): void {
  const field = rootNames.has(template.vendor)
    ? 'vendor'
    : template.variant === defaultName
      ? 'variant'
      : undefined;
  if (field === undefined) return;
  throw new Failure(`${id}: a ${field} cannot be called ${template[field]}`, {
    remedy: 'The repository has a folder or a link of that name; choose another.',
  });
}

function checkTested({id, serial, files, test}: Manifest): void {
  const build = `${id} ${serial}`;
  const image = files[buildFiles.imageArchive];
  if (image === undefined) {
    throw new Failure(`${build} has no ${buildFiles.imageArchive}`, {remedy: 'Build the template again.'});
  }
  if (test === undefined) {
    throw new Failure(`${build} has not been tested`, {
      remedy: `Only tested builds are published: run \`${ownCommand('test', id)}\`.`,
    });
  }
  if (!test.passed) {
    const failed = test.scenarios.filter(({outcome}) => outcome === 'failed').map(({name}) => name);
    throw new Failure(`${build} did not pass its test${failed.length > 0 ? `: ${failed.join(', ')}` : ''}`, {
      remedy: `${buildFiles.testReport} in the build's folder says why; the published build stays.`,
    });
  }
  if (test.image !== image.sha256) {
    throw new Failure(`the test report of ${build} is about another ${buildFiles.imageArchive}`, {
      remedy: `Run \`${ownCommand('test', id)}\` on this build.`,
    });
  }
}
