// The Worker. Runs the batch that the query names. See `Workerd` in `hosts.mjs`.
import edgePlain from "edge-plain.wasm";
import edgeRelaxed from "edge-relaxed.wasm";
import rsaPlain from "rsa-plain.wasm";
import { Verifier } from "propelauth-edge";
import rsaRelaxed from "rsa-relaxed.wasm";

import fixture from "./built/fixture.json";
import { batch, candidates } from "./candidates.mjs";

const all = candidates({ edgePlain, edgeRelaxed, rsaPlain, rsaRelaxed }, Verifier, fixture);

export default {
  async fetch(request) {
    const query = new URL(request.url).searchParams;
    if (!query.has("name")) return Response.json(Object.keys(await all));
    const token = fixture.tokens[query.get("token")];
    const candidate = (await all)[query.get("name")];
    return Response.json(await batch(candidate, token[query.get("kind")], token.org, Number(query.get("calls"))));
  },
};
