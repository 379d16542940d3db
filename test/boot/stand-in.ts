import {etcHostname} from '../../src/osctl/hostname.ts';
import {ifupdown} from '../../src/osctl/ifupdown.ts';
import {defineBuilder} from '../../src/recipe/builder.ts';
import type {Distribution} from '../../src/recipe/distribution.ts';
import type {OsctlSupport} from '../../src/recipe/osctl.ts';
import {step} from '../../src/recipe/step.ts';

export const osctl: OsctlSupport = {hostname: etcHostname, network: ifupdown};

/** A recipe for tests that build nothing. */
export const recipe: Distribution = {
  name: 'example',
  title: 'Example',
  family: 'linux',
  builder: defineBuilder({name: 'example', packages: []}),
  releases: [{version: '1', codename: 'one', cgroups: 'any'}],
  listSources: async () => [],
  bootstrap: () => step('nothing', async () => {}),
  configure: [],
  osctl,
  listPackages: async () => [],
};
