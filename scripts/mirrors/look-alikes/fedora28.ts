import {defineLookAlike} from '../look-alike.ts';
import {makeOldRedHat} from '../old-red-hat.ts';
import {oldRedHatTools} from '../old-rpm.ts';

/** The archive with Fedora 27 and 28, and on the same server the vault in which CentOS 7 ended. */
export default defineLookAlike({
  name: 'fedora28',
  mirror: 'old-red-hat',
  distribution: 'fedora',
  builder: oldRedHatTools,
  places: {archive: '/pub/archive/fedora/linux'},
  make: makeOldRedHat,
});
