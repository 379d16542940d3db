import {defineLookAlike} from '../look-alike.ts';
import {makeOldRedHat} from '../old-red-hat.ts';
import {oldRedHatTools} from '../old-rpm.ts';

/** The vault in which CentOS 7 ended, and on the same server the archive with Fedora 27 and 28. */
export default defineLookAlike({
  name: 'centos7',
  mirror: 'old-red-hat',
  distribution: 'centos',
  builder: oldRedHatTools,
  places: {vault: ''},
  make: makeOldRedHat,
});
