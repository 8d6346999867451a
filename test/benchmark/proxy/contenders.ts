import { type ChildProcess, fork, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A server under test, in a process of its own. */
export interface Contender {
  readonly name: string;
  readonly port: number;
  readonly pid: number;
}

const HERE = fileURLToPath(new URL('.', import.meta.url));
const SOURCES = join(process.cwd(), 'test', 'benchmark', 'proxy');

/** Ticks a second of the times in /proc. */
const TICKS = Number(spawnSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }).stdout) || 100;

/** Starts and ends the servers of a run, each on one core. */
export class Contenders {
  readonly #children: ChildProcess[] = [];
  readonly #folder = mkdtempSync(join(tmpdir(), 'territory-bench-'));
  readonly #pins = spawnSync('taskset', ['-V']).status === 0;

  /** Whether processes can be kept on a core. */
  get pinned(): boolean {
    return this.#pins;
  }

  /** Keeps this process, the load, on a core. */
  pinSelf(core: number): void {
    if (this.#pins) spawnSync('taskset', ['-acp', String(core), String(process.pid)]);
  }

  /** @param kind one of `server.ts` */
  async node(
    name: string,
    kind: string,
    core: number,
    upstream = '',
  ): Promise<Contender & { readonly ports: readonly number[] }> {
    // As workers and the container run, and without the flags of this process.
    const execArgv = ['--initial-old-space-size=64'];
    const child = fork(join(HERE, 'server.js'), [kind, upstream, this.#folder], { execArgv });
    this.#children.push(child);
    this.#pin(child.pid!, core);
    const ports = await new Promise<readonly number[]>((resolve, reject) => {
      child.once('message', (message) => resolve((message as { ports: number[] }).ports));
      child.once('exit', (code) => reject(new Error(`${name} ended with code ${code}`)));
    });
    // Threads that it began while it started.
    this.#pin(child.pid!, core);
    return { name, port: ports[0]!, ports, pid: child.pid! };
  }

  /** nginx with one worker and a pool of connections; `undefined` where it is not installed. */
  async nginx(core: number, upstream: string): Promise<Contender | undefined> {
    const program = ['/usr/sbin/nginx', '/usr/local/bin/nginx', '/opt/homebrew/bin/nginx'].find(existsSync);
    if (program === undefined) return undefined;
    const port = await freePort();
    writeFileSync(join(this.#folder, 'nginx.conf'), nginxConfiguration(this.#folder, port, upstream));
    const child = spawn(program, ['-p', this.#folder, '-c', join(this.#folder, 'nginx.conf'), '-e', 'stderr'], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    this.#children.push(child);
    this.#pin(child.pid!, core);
    await answers(port);
    return { name: 'nginx', port, pid: child.pid! };
  }

  /** Go's `httputil.ReverseProxy` on one processor; `undefined` where Go is not installed. */
  async go(core: number, upstream: string): Promise<Contender | undefined> {
    const compiler = ['go', '/usr/local/go/bin/go'].find((name) => spawnSync(name, ['version']).status === 0);
    if (compiler === undefined) return undefined;
    const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'territory-proxy', 'bench');
    mkdirSync(cache, { recursive: true });
    const program = join(cache, 'go-proxy');
    const built = spawnSync(compiler, ['build', '-o', program, join(SOURCES, 'main.go')], { stdio: 'inherit' });
    if (built.status !== 0) throw new Error('the proxy in Go does not compile');
    const child = spawn(program, [upstream], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, GOMAXPROCS: '1' },
    });
    this.#children.push(child);
    this.#pin(child.pid!, core);
    const port = await new Promise<number>((resolve) => child.stdout!.once('data', (text) => resolve(Number(text))));
    this.#pin(child.pid!, core);
    return { name: 'Go ReverseProxy', port, pid: child.pid! };
  }

  /** Ends one that was started. */
  kill({ pid }: Contender): void {
    for (const child of this.#children) if (child.pid === pid) child.kill('SIGKILL');
  }

  /** Ends all that was started. */
  end(): void {
    for (const child of this.#children) child.kill('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #pin(pid: number, core: number): void {
    if (this.#pins) spawnSync('taskset', ['-acp', String(core), String(pid)]);
  }
}

/** CPU time of a process so far, in µs: user and system, all threads. */
export function cpuMicros(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1e6) / TICKS;
}

/** The same to the nanosecond, of the threads that run: what the scheduler itself counts. */
export function cpuNanos(pid: number): number {
  let nanos = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    nanos += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'latin1').split(' ')[0]);
  }
  return nanos;
}

/** Resident memory of a process, in bytes. */
export function residentBytes(pid: number): number {
  return Number(/^VmRSS:\s*(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))![1]) * 1024;
}

function nginxConfiguration(folder: string, port: number, upstream: string): string {
  return `daemon off; master_process off; worker_processes 1; pid ${folder}/nginx.pid; error_log stderr error;
events { worker_connections 4096; }
http {
  access_log off; keepalive_requests 100000000; keepalive_timeout 600; tcp_nodelay on;
  client_max_body_size 100m; client_body_buffer_size 2m; proxy_buffers 16 16k; proxy_buffer_size 16k;
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
  upstream elasticsearch { server ${new URL(upstream).host}; keepalive 256; keepalive_requests 100000000; }
  server {
    listen 127.0.0.1:${port} backlog=1024;
    location / {
      proxy_pass http://elasticsearch; proxy_http_version 1.1;
      proxy_set_header Connection ""; proxy_set_header Host $http_host;
    }
  }
}
`;
}

function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

async function answers(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
      socket.on('connect', () => socket.destroy());
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`nothing listens on port ${port}`);
}
