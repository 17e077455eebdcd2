declare module "*.wasm" {
  const module: WebAssembly.Module;
  export default module;
}

declare module "*.wasm?module" {
  const module: WebAssembly.Module;
  export default module;
}

// Generated from the modules by `build`.
declare module "*.base64.js" {
  const text: string;
  export default text;
}

declare module "*/testkit-keys.js" {
  export const verifierKey: string;
  export const privateKey: string;
  export const otherPrivateKey: string;
}
