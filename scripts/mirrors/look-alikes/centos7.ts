import {makeCentos7} from '../centos7.ts';
import {defineLookAlike} from '../look-alike.ts';
import {oldRedHatTools} from '../old-rpm.ts';

/** The vault in which CentOS 7 ended: os and updates, signed the way of its time. */
export default defineLookAlike({
  name: 'centos7',
  distribution: 'centos',
  builder: oldRedHatTools,
  places: {vault: ''},
  make: makeCentos7,
});
