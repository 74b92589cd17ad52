// SPDX-License-Identifier: MIT
// How a model lays out the steps before it begins: it reads with `read`, checks with `check`, writes with
// `write`.

export const PLANS = [
  ({ read, check, write, sku }) =>
    `Plan:\n1. ${read} to get the facts about ${sku}\n2. ${check} on the new wording\n3. ${write} to publish it`,
  ({ read, check, write }) =>
    `Here is how I will do this:\n\n1. Read the sheet with \`${read}\`\n2. Have the claims checked with \`${check}\`\n3. Publish with \`${write}\`\n\nStarting with step 1.`,
  ({ read, check, write }) =>
    `I'll first call ${read}, draft a text, run it through ${check}, and only then save it with ${write}.`,
  ({ read, check, write }) =>
    `## Steps\n- [ ] \`${read}\`\n- [ ] draft\n- [ ] \`${check}\`\n- [ ] \`${write}\``,
  ({ read, check, write, sku }) =>
    `To rewrite ${sku} I need three tools: ${read} for the facts, ${check} for the legal side, ${write} for the result.`,
  ({ read, check, write }) =>
    `My approach: (1) ${read}, (2) write the draft, (3) validate it using ${check}, (4) ${write}.`,
  ({ read, check, write, sku }) =>
    `Okay. Step 1: look at ${sku} (${read}). Step 2: make sure that nothing in the draft is a claim we cannot prove (${check}). Step 3: ${write}.`,
  ({ read, check, write }) =>
    `<plan>\n<step tool="${read}">facts</step>\n<step tool="${check}">claims</step>\n<step tool="${write}">publish</step>\n</plan>`,
  ({ read, check, write }) =>
    `Let me think about the order of things. The sheet comes first (\`${read}\`). A spring text tends to promise too much, so I'll send the draft to \`${check}\` before \`${write}\`.`,
  ({ read, check, write }) => `**Plan**: ${read} → draft → ${check} → ${write}`,
  ({ read, check, write }) =>
    `I will:\n• gather the product facts using ${read}\n• verify every claim using ${check}\n• update the shop using ${write}`,
  ({ read, check, write }) =>
    `{"plan": ["${read}", "draft_text", "${check}", "${write}"], "current": 0}`,
  ({ read, check }) =>
    `First the facts via ${read}. Once I have a draft I'll verify it with ${check}; nothing goes online before that.`,
  ({ read, check, write, sku }) =>
    `Got it, a new text for ${sku}. I'll start with ${read}, then use ${check} to validate the wording, then finish with ${write}.`,
  ({ read, check, write }) =>
    `Breaking this down:\n\n**Step 1** - \`${read}\`: what the product is\n**Step 2** - \`${check}\`: are the claims covered?\n**Step 3** - \`${write}\`: save`,
  ({ read, check, write }) =>
    `Sure! I'll read the sheet (${read}), prepare the copy, double-check it with ${check} and publish it with ${write}.`,
  ({ read, check, write }) =>
    `TODO\n1) ${read}\n2) compose 2 sentences, seasonal\n3) ${check}\n4) fix whatever ${check} objects to\n5) ${write}`,
];

export const PUBLISHED = [
  ({ sku }) => `The new text of ${sku} is online.`,
  ({ sku, text }) => `Done. ${sku} now reads: "${text}"`,
  ({ sku }) => `I've rewritten ${sku} for the season and published it.`,
  ({ sku }) => `${sku} has been updated, the wording is final.`,
  ({ name, text }) => `Here is the published text for the ${name}:\n\n> ${text}`,
  ({ name, sku }) => `All set: the ${name} (${sku}) has its spring text now.`,
  ({ sku }) => `Finished. Please have a look at ${sku} in the shop.`,
];
