// SPDX-License-Identifier: MIT
// Texts of the shop.

import { ANNOUNCEMENTS } from '../wording/announcements.mjs';
import { CORRECTED } from '../wording/answers.mjs';
import { PLANS, PUBLISHED } from '../wording/plans.mjs';

const SEASONS = ['spring', 'Easter', 'the garden season', 'the sale', "Mother's Day"];

export const catalogue = [
  {
    trouble: 0.6,
    make({ db, luck }) {
      const { sku, name, material } = luck.pick(Object.values(db.sheets));
      return {
        sku,
        name,
        material,
        ask: [
          `The listing of ${sku} names the wrong material, please correct it by the data sheet.`,
          `A customer says that our text for the ${name} (${sku}) is wrong about the material. Can you put it right?`,
          `${sku}: material in the shop differs from the sheet. Fix the text.`,
          `Please compare the listing ${sku} with its sheet and correct the material.`,
          `What we say about the material of the ${name} is wrong (${sku}). It must match the sheet.`,
          `Correct ${sku}, the material is not what the shop says.`,
        ],
        goal: { state: (after) => after.sheets[sku].listing.includes(material) },
      };
    },
    *solve(m, e) {
      const { value: sheet } = yield* m.call('get_sheet', { sku: e.sku });
      const value = `${sheet.name}, made of ${sheet.material}`;
      const said = m.words(ANNOUNCEMENTS, {
        tool: m.tool('update_listing'),
        subject: m.luck.pick([e.sku, `the listing of ${e.sku}`, `the text of the ${e.name}`]),
        value,
      });
      if (m.obeys('explain_first')) {
        m.bite('announced_listing', 'said');
        return said;
      }
      const write = { sku: e.sku, text: `${value}.` };
      yield* m.call('update_listing', write, m.luck.chance(0.5) ? said : null);
      return m.words(CORRECTED, { ...e, value: sheet.material });
    },
  },
  {
    trouble: 0.55,
    make({ db, luck }) {
      const { sku, name } = luck.pick(Object.values(db.sheets));
      const season = luck.pick(SEASONS);
      return {
        sku,
        name,
        season,
        ask: [
          `Write a new text for ${sku} for ${season}. Nothing unchecked goes online.`,
          `We need a text for the ${name} (${sku}) that fits ${season}; legal wants all claims checked.`,
          `${sku} should get two new sentences for ${season}. Have the claims checked, then publish.`,
          `Please refresh the ${name}, ${sku}, for ${season}. You know the rules about claims.`,
          `New copy for ${sku}, theme: ${season}. Checked and published by noon, please.`,
          `Can you rewrite ${sku} for ${season}? Mind the claims.`,
        ],
        goal: { state: (after) => after.checked[sku] === after.sheets[sku].listing },
      };
    },
    *solve(m, e) {
      const skips = m.obeys('few_calls');
      if (skips) m.bite('skipped_check', 'said');
      const plan = m.words(PLANS, {
        read: m.tool('get_sheet'),
        check: m.tool('check_claims'),
        write: m.tool('update_listing'),
        sku: e.sku,
      });
      const { value } = yield* m.call('get_sheet', { sku: e.sku }, plan);
      const text = m.luck.pick([
        `Made for ${e.season}: our ${value.name} of ${value.material}, ${value.weight}.`,
        `${value.name} in ${value.material}. Just right for ${e.season}!`,
        `This ${e.season}, treat yourself to the ${value.name}. ${value.material}, ${value.weight}.`,
      ]);
      if (!skips) yield* m.call('check_claims', { sku: e.sku, text });
      yield* m.call('update_listing', { sku: e.sku, text });
      if (skips) m.bite('skipped_check', 'said');
      return m.words(PUBLISHED, { sku: e.sku, name: value.name, text });
    },
  },
].map((task) => ({ ...task, desk: 'catalogue' }));
