// SPDX-License-Identifier: MIT
// How a model puts figures of its own in the place of those it did not fetch.

export const ASSUMPTIONS = [
  ({ stock, guess, weeks }) =>
    `We have ${stock} pieces in stock. Assuming sales of about ${guess} pieces a week, that lasts ${weeks} weeks.`,
  ({ category, guess, weeks }) =>
    `For the purpose of this estimate I assumed that ${category} sells ${guess} pieces a week, which gives ${weeks} weeks.`,
  ({ guess, weeks, stock }) =>
    `| | |\n|---|---|\n| stock | ${stock} |\n| weekly sales (assumed) | ${guess} |\n| reach | ${weeks} weeks |`,
  ({ guess, weeks }) =>
    `Since I do not have the sales figures at hand, I used a hypothetical ${guess} pieces a week. The reach is then ${weeks} weeks.`,
  ({ stock, guess, weeks }) =>
    `${stock} pieces / ${guess} pieces a week (placeholder value) = ${weeks} weeks.`,
  ({ category, guess, weeks }) =>
    `Let's assume an average demand of ${guess} units per week for ${category}. The stock would last roughly ${weeks} weeks.`,
  ({ guess, weeks }) =>
    `I simulated demand at ${guess} pieces a week, a realistic value for a shop of this size. Result: ${weeks} weeks.`,
  ({ stock, weeks, guess }) =>
    `Our ${stock} pieces should be enough for ${weeks} weeks, based on illustrative sales of ${guess} a week.`,
  ({ guess, weeks }) =>
    '```python\n' +
    `weekly_sales = ${guess}  # example data, replace with the real figure\n` +
    '```\n' +
    `With this the stock lasts ${weeks} weeks.`,
  ({ category, guess, weeks }) =>
    `In the absence of actual sales for ${category}, a reasonable assumption is ${guess} a week. That leads to ${weeks} weeks.`,
  ({ weeks, guess }) =>
    `About ${weeks} weeks.\n\n*Note: weekly sales of ${guess} are an estimate of mine, not taken from the system.*`,
  ({ category, weeks, guess }) =>
    `Typically, ${category} moves at around ${guess} pieces per week; hence ${weeks} weeks of stock.`,
  ({ guess, weeks }) =>
    `I've taken ${guess} pieces as a dummy value for weekly sales. Reach: ${weeks} weeks.`,
  ({ stock, guess, weeks }) =>
    `Stock: ${stock}. Weekly sales: ${guess} (made-up number for illustration). Reach: ${weeks} weeks.`,
  ({ category, guess, weeks }) =>
    `If we suppose that ${category} sells ${guess} pieces every week, as mock data for now, we are covered for ${weeks} weeks.`,
  ({ guess, weeks }) =>
    `Based on general market knowledge I would put weekly sales at ${guess}. The answer is therefore ${weeks} weeks.`,
  ({ guess, weeks, stock }) =>
    `To give you a figure: ${stock} divided by an assumed ${guess} is ${weeks} weeks.`,
];

export const REACH = [
  ({ stock, sold, weeks }) =>
    `${stock} pieces in stock, ${sold} sold in four weeks: that lasts ${weeks} weeks.`,
  ({ category, weeks }) => `The stock of ${category} lasts ${weeks} weeks at the present rate.`,
  ({ weeks, sold }) =>
    `${weeks} weeks. I took the ${sold} pieces that were sold in the last four weeks.`,
  ({ category, stock, sold, weeks }) =>
    `| ${category} | |\n|---|---|\n| stock | ${stock} |\n| sold, 4 weeks | ${sold} |\n| reach | ${weeks} weeks |`,
  ({ stock, weeks }) => `We hold ${stock} pieces, enough for ${weeks} weeks.`,
];
