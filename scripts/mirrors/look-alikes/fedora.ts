import {defineLookAlike} from '../look-alike.ts';
import {makeRedHat, redHatTools} from '../red-hat.ts';

/** Fedora's mirror, and on the same server CentOS Stream's: they have their packages in common. */
export default defineLookAlike({
  name: 'fedora',
  mirror: 'red-hat',
  distribution: 'fedora',
  builder: redHatTools,
  places: {linux: '/pub/fedora/linux'},
  make: makeRedHat,
});
