import { answer } from "./answer.mjs";

console.log(JSON.stringify(JSON.parse(process.env.QUESTIONS).map(answer)));
