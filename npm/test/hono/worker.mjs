export { app as default } from "./app.mjs";
