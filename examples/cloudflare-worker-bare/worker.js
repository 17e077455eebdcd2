// A Worker around the WebAssembly module, which wrangler builds with `cargo`.
import module from "./target/wasm32-unknown-unknown/release/propelauth_edge_cloudflare_worker_bare.wasm";

const rust = new WebAssembly.Instance(module).exports;

export default {
  fetch(request) {
    const header = new TextEncoder().encode(request.headers.get("authorization") ?? "");
    const room = rust.room(header.length); // before reading `buffer`, which growing the memory replaces
    new Uint8Array(rust.memory.buffer, room, header.length).set(header);
    const status = rust.whoami(Date.now() / 1000);
    const answer = new TextDecoder().decode(new Uint8Array(rust.memory.buffer, rust.answer(), rust.answer_len()));
    if (status === 200) return new Response(answer, { headers: { "content-type": "application/json" } });

    const [challenge, code, message] = answer.split("\n");
    console.log({ level: "INFO", message: "refused a request", "error.code": code });
    return new Response(message, { status, headers: challenge ? { "www-authenticate": challenge } : {} });
  },
};
