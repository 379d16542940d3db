import {Failure} from '../../../src/failure.ts';

/** A failure with everything that one can say. */
export const localeFailure = new Failure(
  'debian-13: configure, locale en_US.UTF-8: locale-gen ended with exit code 1',
  {
    lastLines: ['Generating locales...', 'cannot create locale archive: No space left on device\r'],
    log: 'output/logs/debian-13.log',
    remedy: 'Make room in the tree,\nor build it on the disk: --tree disk',
  },
);
