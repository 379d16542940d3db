import test from 'ava';
import {Failure} from '../../src/failure.ts';
import {confDHostname} from '../../src/osctl/hostname.ts';
import {netifrc} from '../../src/osctl/netifrc.ts';
import {buildTemplate} from '../../src/pipeline/build.ts';
import {ownOutput} from '../fixtures/output.ts';
import {environmentIn, tinyDistribution, tinyRequest} from '../fixtures/tiny.ts';

test('a tree without a netifrc that osctld could use does not become a template', async (t) => {
  const distribution = tinyDistribution({osctl: {hostname: confDHostname, network: netifrc}});
  const error = await t.throwsAsync(
    buildTemplate(tinyRequest(distribution), environmentIn(await ownOutput(t))),
    {instanceOf: Failure},
  );
  const message = error?.message ?? '';
  t.true(message.startsWith('tiny-1: seal, what osctl needs: the tree must not become a template:'), message);
  t.regex(message, /osctl cannot work with it: \/etc\/init\.d\/net\.lo is not there to be run/);
  t.regex(
    message,
    /osctl cannot work with it: the hostname command, which osctld runs inside, is not installed/,
  );
});
