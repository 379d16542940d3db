import type {RunResult} from '../../../src/cli/report/summary.ts';
import {localeFailure} from './locale-failure.ts';

const serial = '20261123T153000Z';

/** A run in which everything happened that can. */
export const results: readonly RunResult[] = [
  {template: 'alpine-3.23', outcome: 'built', seconds: 4.2, serial, bytes: 3_412_992},
  {template: 'debian-12', outcome: 'tested', seconds: 21.4, serial, bytes: 89_312_256},
  {template: 'debian-13', outcome: 'failed', seconds: 12, failure: localeFailure},
  {template: 'fedora-44', outcome: 'published', seconds: 63, serial, bytes: 1_234_567_890},
  {template: 'ubuntu-26.04', outcome: 'interrupted', seconds: 8},
  {template: 'void-glibc', outcome: 'not started'},
];
