import {visibleJson} from '../../host/visible.ts';
import {failureFields} from './failure.ts';
import type {Reporter, Screen} from './reporter.ts';
import {resultFields, summaryFields} from './summary.ts';

/**
 * One JSON object a line, each with its `time` (ISO 8601, UTC) and `type`: a template's events as they are, and
 * `message`, `failure` and `summary` for what is not about one template.
 */
export function openJson(stream: Screen): Reporter {
  const started = performance.now();
  const write = (event: object) =>
    stream.write(`${visibleJson({time: new Date().toISOString(), ...event})}\n`);
  return {
    report: (event) => void write(resultFields(event)),
    say: (message) => void write({type: 'message', message}),
    fail: (error) => void write({type: 'failure', ...failureFields(error)}),
    summarize: (results) =>
      void write({type: 'summary', ...summaryFields(results, (performance.now() - started) / 1000)}),
    finish() {},
    async [Symbol.asyncDispose]() {},
  };
}
