import test from 'ava';
import {execa} from 'execa';
import {junitXml} from '../../../src/cli/report/junit.ts';

const scenario = {title: 'It <stops> & "starts"', seconds: 1.5};

test('every outcome is in the XML, which a parser of it takes', async (t) => {
  const xml = junitXml([
    {
      template: 'debian-13',
      scenarios: [
        {...scenario, name: 'stop', outcome: 'passed'},
        {
          ...scenario,
          name: 'dns',
          outcome: 'failed',
          reason: 'saw <b>',
          logs: {journal: ['alas \u001b[31m & \u202e more']},
        },
        {...scenario, name: 'ppp', outcome: 'not checked', reason: 'no /dev/ppp'},
      ],
    },
  ]);
  t.regex(xml, /<testsuite name="debian-13" tests="3" failures="1" skipped="1" time="4.50">/);
  t.regex(xml, /<failure message="saw &lt;b&gt;">/);
  t.regex(xml, /<skipped message="not checked: no \/dev\/ppp">/);
  t.false(xml.includes('\u001b'));
  const script =
    'import sys,xml.dom.minidom as d; x=d.parseString(sys.stdin.buffer.read()); print(len(x.getElementsByTagName("testcase")), x.getElementsByTagName("failure")[0].firstChild.data)';
  const python = await execa('python3', ['-c', script], {input: xml, reject: false});
  if (python.exitCode === undefined) return t.log('there is no python3 to parse it with');
  t.is(python.stdout, '3 saw <b>\njournal:\n  alas \\x1b[31m & \\u202e more');
});
