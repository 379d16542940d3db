import {defineLookAlike} from '../look-alike.ts';
import {makeRedHat, redHatTools} from '../red-hat.ts';

/** CentOS Stream's mirror, and on the same server Fedora's: they have their packages in common. */
export default defineLookAlike({
  name: 'centos',
  mirror: 'red-hat',
  distribution: 'centos',
  builder: redHatTools,
  places: {stream: '/centos-stream'},
  make: makeRedHat,
});
