/** Rejects a value of another type, which JavaScript lets through, such as the array of a repeated query parameter. */
export function checkString(name: string, value: unknown): asserts value is string {
  if (value === undefined) throw new TypeError(`the ${name} is not set`);
  if (typeof value !== "string") throw new TypeError(`the ${name} is not a string`);
}

/** Returns `false` for `undefined` and `null`, and rejects everything else that is not a string. */
export function isString(name: string, value: unknown): value is string {
  if (value == null) return false;
  checkString(name, value);
  return true;
}
