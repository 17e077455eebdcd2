using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(name = "main", worker = .worker)],
  sockets = [(name = "http", http = (), service = "main")],
);

const worker :Workerd.Worker = (
  compatibilityDate = "2026-11-01",
  modules = [
    (name = "worker", esModule = embed "built/worker.js"),
    (name = "edge-plain.wasm", wasm = embed "built/edge-plain.wasm"),
    (name = "edge-relaxed.wasm", wasm = embed "built/edge-relaxed.wasm"),
    (name = "rsa-plain.wasm", wasm = embed "built/rsa-plain.wasm"),
    (name = "rsa-relaxed.wasm", wasm = embed "built/rsa-relaxed.wasm"),
    (name = "relaxed.wasm", wasm = embed "node_modules/propelauth-edge/dist/relaxed.wasm"),
  ],
);
