import type {PackageTrial, TrialContext} from '../../recipe/distribution.ts';
import type {Release} from '../../recipe/release.ts';
import {trimmed} from '../mirrors.ts';
import type {DnfOptions} from './dnf.ts';
import type {TwoStagesOptions} from './two-stages.ts';

/**
 * A package of the first repository for the boot tests to install and remove, with a command it brings. The template's
 * own files say by which keys it is trusted; they name lists of mirrors anywhere, and the trial those of the build.
 */
export function dnfTrial<R extends Release>(
  name: string,
  brings: string,
  {place, repositories}: Pick<DnfOptions, 'place' | 'repositories'>,
  {mirrors}: TrialContext<R>,
): PackageTrial {
  const [[id, path] = ['', '']] = Object.entries(repositories);
  const urls = (mirrors[place] ?? []).map((mirror) => `${trimmed(mirror)}/${path}`);
  const from = [`--repo=${id}`, `--setopt=${id}.metalink=`, `--setopt=${id}.baseurl=${urls.join(',')}`];
  return {
    name,
    install: [['dnf', '--assumeyes', ...from, 'install', name]],
    remove: ['dnf', '--assumeyes', 'remove', name],
    brings,
  };
}

export interface YumTrialOptions extends Pick<TwoStagesOptions, 'manager' | 'place' | 'repositories'> {
  /** The file of the template's in which its packages' keys are. */
  readonly gpgkey: string;
}

const file = '/etc/yum.repos.d/trial.repo';

/**
 * What `dnfTrial` is for today's releases, for a template with yum, or a dnf of 2017: that one takes no empty list of
 * mirrors as an option. The member writes a repository of its own and uses no other.
 */
export function yumTrial<R extends Release>(
  name: string,
  brings: string,
  {manager, place, repositories, gpgkey}: YumTrialOptions,
  {mirrors}: TrialContext<R>,
): PackageTrial {
  const [path = ''] = Object.values(repositories);
  const urls = (mirrors[place] ?? []).map((mirror) => `${trimmed(mirror)}/${path}`);
  const repository = `[trial]
name=trial
baseurl=${urls.join(' ')}
enabled=1
gpgcheck=1
gpgkey=file://${gpgkey}
`;
  const yum = [manager, '-y', '--disablerepo=*', '--enablerepo=trial'];
  return {
    name,
    install: [
      ['sh', '-c', 'printf %s "$1" > "$0"', file, repository],
      [...yum, 'install', name],
    ],
    remove: [...yum, 'remove', name],
    brings,
  };
}
