import { chromium } from "@playwright/test";
const base = process.env.BASE ?? "http://127.0.0.1:3100";
const out = "/tmp/me/shots";
import fs from "fs"; fs.mkdirSync(out,{recursive:true});
const b = await chromium.launch({executablePath:"/usr/bin/chromium"});
const list = process.argv.slice(2);
for (const spec of list) {
  const [name, path, opt=""] = spec.split("@");
  for (const w of [390,1280]) {
    if (opt.includes("p") && w!==390) continue;
    if (opt.includes("w") && w!==1280) continue;
    const ctx = await b.newContext({viewport:{width:w,height:w==390?844:800}, colorScheme: opt.includes("d")?"dark":"light", storageState: fs.existsSync("/tmp/me/state.json") && opt.includes("h") ? "/tmp/me/state.json": undefined});
    const p = await ctx.newPage();
    p.on("console", m => { if (m.type()=="error") console.log(name, "console:", m.text()); });
    const r = await p.goto(base+path, {waitUntil:"networkidle"});
    const sw = await p.evaluate(()=>document.documentElement.scrollWidth);
    console.log(name, w, r.status(), "scrollWidth", sw);
    await p.screenshot({path:`${out}/${name}-${w}.png`, fullPage: !opt.includes("v")});
    await ctx.close();
  }
}
await b.close();
