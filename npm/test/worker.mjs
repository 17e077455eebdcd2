// A Worker that answers questions, one per line.
import * as propelauth from "propelauth-edge";

import { answerer } from "./answers.mjs";

const answer = answerer(propelauth);

export default {
  async fetch(request) {
    const questions = (await request.text()).split("\n");
    return new Response(questions.map((line) => JSON.stringify(answer(JSON.parse(line)))).join("\n"));
  },
};
