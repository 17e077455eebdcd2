import { answer } from "./answer.mjs";

globalThis.answer = answer;
