import test from 'ava';
import {proxiesIn, proxyVariables} from '../../src/host/proxies.ts';
import {visible, visibleJson} from '../../src/host/visible.ts';

test('the environment’s proxies are those that curl takes', (t) => {
  t.deepEqual(proxiesIn({}), {http: undefined, https: undefined, none: undefined});
  t.deepEqual(
    proxiesIn({
      http_proxy: 'proxy.example.org:3128',
      HTTP_PROXY: 'http://from-a-request.example.org',
      HTTPS_PROXY: 'http://proxy.example.org:3129',
      no_proxy: 'localhost, .example.org',
    }),
    {
      http: 'http://proxy.example.org:3128',
      https: 'http://proxy.example.org:3129',
      none: ['localhost', '.example.org'],
    },
  );
});

test('programs get them in small and in capital letters; without a proxy there is nothing to say', (t) => {
  t.deepEqual(proxyVariables(), {});
  t.deepEqual(proxyVariables({none: ['localhost']}), {});
  t.deepEqual(proxyVariables({http: 'http://a', none: ['b', '.c']}), {
    http_proxy: 'http://a',
    HTTP_PROXY: 'http://a',
    no_proxy: 'b,.c',
    NO_PROXY: 'b,.c',
  });
});

test('a proxy’s password is hidden in whatever is written, however a program prints it', (t) => {
  proxyVariables({https: 'http://builder:pa%24%24word@proxy.example.org:3128'});
  const basic = Buffer.from('builder:pa$$word').toString('base64');
  for (const said of [
    'http://builder:pa%24%24word@proxy',
    'pa$$word',
    `Basic ${basic}`,
    'builder:pa$$word',
  ]) {
    t.regex(visible(`proxy: ${said}`), /\*\*\*/);
    t.notRegex(visible(said), /pa(\$\$|%24%24)word/);
    t.deepEqual(JSON.parse(visibleJson({said: [said]})), {said: [visible(said)]});
  }
  t.is(visible('a password'), 'a password');
});

test('a password with a percent sign that encodes nothing is hidden as it is', (t) => {
  proxyVariables({http: 'http://builder:fully100%@proxy.example.org:3128'});
  t.is(visible('tried http://builder:fully100%@proxy'), 'tried http://***@proxy');
});
