import { spawn } from 'node:child_process';

/**
 * Runs a program to its end and keeps what it printed. It is ended when this process exits before it.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<{ code: number, output: string }>} the exit code (1 when a signal ended it) and its standard output
 *   and error in the order they came. A program that can't be started at all is code 127 with the reason as its output.
 */
export function run(program, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { env: process.env, ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const atExit = () => child.kill();
    process.once('exit', atExit);
    let output = '';
    const add = (text) => {
      output += text;
    };
    child.stdout.setEncoding('utf8').on('data', add);
    child.stderr.setEncoding('utf8').on('data', add);
    const end = (result) => {
      process.removeListener('exit', atExit);
      resolve(result);
    };
    child.on('error', (error) => end({ code: 127, output: `${program}: ${error.message}` }));
    child.on('close', (code) => end({ code: code ?? 1, output }));
  });
}

/** The last lines of a text, for an error message. */
export function tail(text, lines = 15) {
  return text.trimEnd().split('\n').slice(-lines).join('\n');
}
