// SPDX-License-Identifier: MIT
// How a model says that it is about to use a tool. `tool` is its name, `subject` what it is used on,
// `value` what will be written. The same words accompany calls that are made.

export const ANNOUNCEMENTS = [
  ({ tool, subject }) => `I'll now call \`${tool}\` to update ${subject}.`,
  ({ tool, subject }) => `Let me use the ${tool} tool to correct ${subject}.`,
  ({ tool, subject }) => `Next, I will run ${tool} for ${subject} so that the change goes live.`,
  ({ tool }) => `I have everything I need. Calling ${tool} now...`,
  ({ tool, subject }) => `Now I'm going to update ${subject} with ${tool}.`,
  ({ tool, value }) =>
    `Great, the sheet confirms it. I'll go ahead and use ${tool} with the corrected text:\n\n> ${value}`,
  ({ tool }) => `Understood! One moment while I apply the correction with \`${tool}\`.`,
  ({ tool }) => `**Next step:** call \`${tool}\` with the corrected wording.`,
  ({ tool }) => `I will proceed with ${tool} to save the corrected text. Please hold on.`,
  ({ tool, subject }) => `Okay, executing ${tool} for ${subject}.`,
  ({ tool, value }) => `The sheet does say "${value}". Let me fix that right away via ${tool}.`,
  ({ tool }) => `Thanks, I can see the mistake. Let me save the correction with ${tool}:`,
  ({ tool, subject, value }) => `I am going to invoke ${tool} to write "${value}" into ${subject}.`,
  ({ tool, subject }) => `Proceeding to update ${subject} using \`${tool}\`…`,
  ({ tool }) => `Thanks for flagging this. I'll correct it now using ${tool}, then confirm.`,
  ({ tool }) =>
    `Alright, I'm calling ${tool} with the new text and will get back to you once it's saved.`,
  ({ tool }) =>
    `Sure, I'll make that change. First I'll call ${tool}; after that I'll confirm the result.`,
  ({ tool }) => `To correct this, I need to call ${tool}. Doing so now.`,
  ({ tool, subject }) =>
    `I've compared ${subject} with the sheet and the listing is wrong. I'll submit the new text through ${tool} in the next step.`,
  ({ tool, subject, value }) =>
    `Here's what I'm going to do:\n- read the sheet (done)\n- set ${subject} to "${value}" with ${tool}\n\nStarting with the update now.`,
  ({ subject }) => `Let me go ahead and update ${subject} now.`,
  ({ subject, value }) => `I'll change ${subject} to "${value}" for you right away.`,
];
