// The processor time of processes, as Linux's scheduler counts it.
import { readFileSync, readdirSync } from "node:fs";

/** Returns the processor time of a thread, in milliseconds. */
export const threadTime = (pid, thread) =>
  Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ")[0]) / 1e6;

/** Returns the processor time of all threads of a process, in milliseconds. */
export const processorTime = (pid) =>
  readdirSync(`/proc/${pid}/task`).reduce((sum, thread) => sum + threadTime(pid, thread), 0);
