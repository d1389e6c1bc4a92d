import { spawn } from 'node:child_process';
import { closeSync, existsSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { StackError } from './errors.mjs';
import { openLog, tail, writeJson } from './files.mjs';
import { pause, processIdentity, signalRecorded } from './identity.mjs';

const running = new Set();
let exitHookInstalled = false;
let closing = false;

/**
 * One program that we start, watch and stop. It is written down in `pids/` with its identity, so that a later run can find it
 * even if this one is killed; STACK_REGISTRY names one more folder to write to, for whoever runs us and may outlive us. Children get a process group of their own: Ctrl-C reaches us alone, and we stop them in order.
 * @param {object} spec
 * @param {string} spec.name
 * @param {() => { command: string, args: string[], env?: NodeJS.ProcessEnv, cwd?: string, uid?: number, gid?: number }} spec.launch
 * @param {(pid: number) => Promise<unknown>} spec.ready rejects while the process is not ready yet
 * @param {string} spec.dataDir
 * @param {string} [spec.logFile]
 * @param {NodeJS.Signals} [spec.stopSignal]
 * @param {number} [spec.readyWithinMs]
 * @param {() => Promise<void>} [spec.beforeStart]
 * @param {number} [spec.startAttempts] how often a start is tried again when the program gives up at once
 */
export function childProcess(spec) {
  const { name, dataDir, stopSignal = 'SIGTERM', readyWithinMs = 30_000, startAttempts = 1 } = spec;
  const logFile = spec.logFile ?? join(dataDir, 'logs', `${name}.log`);
  const pidFile = join(dataDir, 'pids', `${name}.json`);
  const watchers = new Set();
  const notes = [];
  let current;
  let bootMs = 0;

  async function launchOnce() {
    if (closing) throw new StackError(`${name} was not started: everything is being stopped.`);
    const { command, args, env, cwd, uid, gid } = spec.launch();
    const log = openLog(logFile);
    const logStart = existsSync(logFile) ? statSync(logFile).size : 0;
    const child = spawn(command, args, { env, cwd, uid, gid, detached: true, stdio: ['ignore', log, log] });
    closeSync(log);
    const me = { child, logStart, record: undefined, ended: undefined, expected: false, stop };
    me.exited = new Promise((resolve) => {
      const end = (how) => {
        if (me.ended) return;
        me.ended = how;
        running.delete(me);
        resolve(how);
        if (!me.expected) for (const watcher of watchers) watcher(describeEnd(me));
      };
      child.once('error', (error) => end({ error }));
      child.once('exit', (code, signal) => end({ code, signal }));
    });
    if (child.pid) {
      me.record = { name, pid: child.pid, identity: processIdentity(child.pid), stopSignal };
      notes.push(
        pidFile,
        ...(process.env.STACK_REGISTRY ? [join(process.env.STACK_REGISTRY, 'pids', `${name}-${child.pid}.json`)] : []),
      );
      for (const note of new Set(notes)) writeJson(note, me.record);
      running.add(me);
    }
    current = me;
    return me;
  }

  function describeEnd(me) {
    const { error, code, signal } = me.ended;
    const how = error ? error.message : signal ? `was ended by ${signal}` : `exited with code ${code}`;
    return { name, how, lastLines: tail(logFile, { from: me.logStart }), logFile };
  }

  function failure(me, why) {
    const said = tail(logFile, { from: me.logStart });
    return new StackError(`${name} ${why}.`, `${said ? `It said:\n${said}\n` : ''}The whole log: ${logFile}`);
  }

  async function untilReady(me) {
    const deadline = Date.now() + readyWithinMs;
    let last;
    // Without a number it never ran, and the reason is on its way.
    if (!me.child.pid) await me.exited;
    for (;;) {
      if (me.ended) throw Object.assign(failure(me, `did not start: it ${describeEnd(me).how}`), { endedEarly: true });
      const answered = await Promise.race([
        spec.ready(me.child.pid).then(
          () => true,
          (error) => ((last = error), false),
        ),
        me.exited.then(() => false),
      ]);
      if (answered && !me.ended) return;
      if (last?.fatal) throw last;
      if (Date.now() > deadline)
        throw failure(me, `was not ready within ${readyWithinMs / 1000} s (${last?.message ?? 'no answer'})`);
      await pause(30);
    }
  }

  async function start() {
    if (current && !current.ended) return;
    await spec.beforeStart?.();
    installExitHook();
    const began = Date.now();
    for (let attempt = 1; ; attempt += 1) {
      const me = await launchOnce();
      me.expected = true;
      try {
        await untilReady(me);
        me.expected = false;
        bootMs = Date.now() - began;
        return;
      } catch (error) {
        await stop();
        if (!error.endedEarly || attempt >= startAttempts) throw error;
        await pause(400);
      }
    }
  }

  async function stop({ patienceMs = 10_000 } = {}) {
    const me = current;
    if (!me || me.ended) return strikeOut();
    me.expected = true;
    me.child.kill(stopSignal);
    const timer = setTimeout(() => me.child.kill('SIGKILL'), patienceMs);
    await me.exited;
    clearTimeout(timer);
    strikeOut();
  }

  function strikeOut() {
    for (const note of notes.splice(0)) rmSync(note, { force: true });
  }

  return {
    name,
    logFile,
    get pid() {
      return current && !current.ended ? current.child.pid : undefined;
    },
    /** How long the last start took until it was ready. */
    get bootMs() {
      return bootMs;
    },
    start,
    stop,
    async restart() {
      await stop();
      await start();
    },
    /** Sends a signal and, when it is a deadly one, answers once the process is gone. */
    async kill(signal = 'SIGKILL') {
      const me = current;
      if (!me || me.ended) return;
      me.expected = true;
      me.child.kill(signal);
      if (signal === 'SIGKILL') await me.exited;
      if (signal === 'SIGCONT' || signal === 'SIGSTOP') me.expected = false;
    },
    ready: () =>
      current && !current.ended ? spec.ready(current.child.pid) : Promise.reject(new Error(`${name} does not run`)),
    /** Calls back when the process ends without anybody here having asked for it. */
    onUnexpectedEnd(watcher) {
      watchers.add(watcher);
    },
  };
}

/** Ends everything that still runs at once: the answer to a second Ctrl-C. */
export function killEverything() {
  for (const me of running) signalRecorded(me.record, 'SIGKILL');
}

/** Stops what runs, youngest first: for a start that is given up in the middle, when nobody holds all the handles yet. */
export async function stopEverything() {
  closing = true;
  for (const me of [...running].reverse()) await me.stop();
}

// The last net: however this process ends except by kill -9, it stops its children.
function installExitHook() {
  if (exitHookInstalled) return;
  exitHookInstalled = true;
  process.on('exit', () => {
    for (const me of running) signalRecorded(me.record, me.record.stopSignal);
  });
}
