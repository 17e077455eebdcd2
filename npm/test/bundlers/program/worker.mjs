import { Hono } from "hono";

import { answer } from "./answer.mjs";

const app = new Hono();
app.post("/", async (context) => context.json((await context.req.json()).map(answer)));

export default app;
