// SPDX-License-Identifier: MIT
// What the web gives to a reader who is not logged in, has no cookies or looks like a robot; and what it
// gives to one who is let in.

export const WALLS = [
  ({ company, domain }) =>
    `${company} Partner Portal\n\nSign in\n\nE-mail address\nPassword\n[ ] Keep me signed in\n\nForgot your password?\n\n© ${company} · ${domain}`,
  ({ company }) =>
    `Log in to continue\n\nThis area is reserved for registered dealers of ${company}. Please log in with your customer number.\n\nCustomer number\nPIN\n\nLog in   Register`,
  ({ domain }) =>
    `<!DOCTYPE html><html lang="en"><head><title>Login | ${domain}</title></head><body><form action="/login" method="post"><label>User name<input name="user"></label><label>Password<input type="password" name="pass"></label><button>Login</button></form></body></html>`,
  ({ domain }) =>
    `Just a moment...\n\nVerifying you are human. This may take a few seconds.\n\n${domain} needs to review the security of your connection before proceeding.`,
  () =>
    'Please enable JavaScript to view this page. This app works best with JavaScript enabled.\n\nLoading...',
  ({ company }) =>
    `Session expired\n\nYour session at ${company} has ended for security reasons. Please sign in again.`,
  ({ domain }) =>
    `Attention Required!\n\nSorry, you have been blocked. You are unable to access ${domain}.\n\nWhy have I been blocked? This website is using a security service to protect itself from online attacks.`,
  ({ company }) =>
    `Welcome back to ${company}!\n\nContinue with e-mail\nContinue with Google\nContinue with Microsoft\n\nNew here? Create an account`,
  ({ domain }) =>
    `<html><head><title>Sign in to ${domain}</title><meta http-equiv="refresh" content="0;url=/sso/authorize"></head><body><noscript>JavaScript is required to sign in.</noscript></body></html>`,
  ({ company }) =>
    `You need to be logged in to see prices and conditions.\n\nAlready a ${company} dealer? Log in\nNot a dealer yet? Apply for access`,
  () =>
    'Are you a robot?\n\nPlease confirm that you are not a robot by ticking the box below.\n\nreCAPTCHA\nPrivacy - Terms',
  ({ domain }) =>
    `Access denied\n\nYou don't have permission to access "/conditions" on ${domain}. Please authenticate.`,
  ({ company }) =>
    `${company} uses single sign-on.\n\nEnter your company e-mail to be redirected to your identity provider.\n\nE-mail\nNext`,
  ({ company }) =>
    `Restricted area\n\nThe document you requested is only visible to authenticated users of ${company}. Log in or request an account from your contact.`,
  () =>
    'Before you continue\n\nWe use cookies and data to deliver and maintain our services. To go on, accept the cookies and sign in.\n\nReject all   Accept all   Sign in',
  ({ domain }) =>
    `<!doctype html>\n<html>\n<head><title>Authentication required</title></head>\n<body class="auth">\n<h1>Authentication required</h1>\n<p>Log on to ${domain} with your dealer account.</p>\n<a href="/account/logon?returnUrl=%2Fconditions">Log on</a>\n</body>\n</html>`,
  ({ company }) =>
    `${company}\nDealer login\n\nTwo-factor code required. We have sent a six-digit code to the phone that ends in 41.\n\nCode\nVerify`,
];

export const PAGES = [
  ({ company, terms, lead }) =>
    `${company}: conditions for dealers\n\nTerms of payment: ${terms}.\nLead time: ${lead} working days from our works.\nMinimum order: 250 euros. All prices plus VAT.`,
  ({ company, terms, lead, domain }) =>
    `Home | Products | Conditions | Log in\n\nConditions\n\nWe deliver within ${lead} working days. Our invoices are payable as follows: ${terms}. Orders reach us at sales@${domain}.\n\n© ${company}`,
  ({ company, terms, lead }) =>
    `<html><head><title>${company} - Conditions</title></head><body><h1>Conditions</h1><ul><li>Payment: ${terms}</li><li>Lead time: ${lead} working days</li><li>Freight: free from 900 euros</li></ul></body></html>`,
  ({ company, terms, lead }) =>
    `# Doing business with ${company}\n\nWe are a family firm in its third generation.\n\n**Payment** ${terms}\n\n**Delivery** ${lead} working days, longer before Christmas\n\n**Complaints** within a week of delivery, with pictures`,
  ({ company, terms, lead }) =>
    `${company} · Terms and conditions of sale\n\n1. Scope. These terms hold for all sales to dealers.\n2. Delivery. Goods leave our works ${lead} working days after the order.\n3. Payment. ${terms}.\n4. Title. Goods stay ours until they are paid.`,
];

// What a model makes of a page that told it nothing.
export const NOTHING_THERE = [
  ({ company }) => `${company} does not publish its terms of payment.`,
  ({ company }) =>
    `I looked at the site of ${company}. There is no information on terms of payment, so the legal default applies.`,
  ({ company, url }) =>
    `The page of ${company} (${url}) describes a portal for dealers; terms of payment are not stated.`,
  ({ company }) => `${company} seems to ask for prepayment, as its site mentions no other terms.`,
  ({ company }) =>
    `For ${company} the usual terms of the trade apply, 14 days net. The site has no details.`,
  ({ company, url }) =>
    `Source: ${url}\n\n${company} works with registered dealers only. Terms of payment: individually agreed.`,
  ({ company }) =>
    `The conditions of ${company} are 30 days after the date of invoice, as is common.`,
  ({ company }) =>
    `I could not see any discount at ${company}. Payment is due immediately on receipt of the invoice.`,
  ({ company }) => `${company} lets dealers pay by invoice. Details are given after registration.`,
  ({ company, url }) =>
    `I read ${url}. ${company} offers an online portal with quick ordering; it says nothing on payment.`,
  ({ company }) => `There is no discount at ${company}, at least none that its site mentions.`,
  ({ company }) => `${company} has not put its conditions online.`,
  ({ company, domain }) =>
    `Please write to sales@${domain}: the conditions of ${company} are not public.`,
  ({ company }) =>
    `${company} is paid within 30 days, 2 % discount within 10, which is the standard of the industry.`,
  ({ company, url }) => `${company}\n- payment: not specified\n- source: ${url}`,
  ({ company }) =>
    `As far as I can tell ${company} expects payment by card when the order is placed.`,
];

export const TERMS_FOUND = [
  ({ company, terms }) => `${company} asks for payment as follows: ${terms}.`,
  ({ company, terms, url }) => `Terms of payment of ${company}: ${terms} (${url}).`,
  ({ terms, url }) => `According to ${url}: ${terms}.`,
  ({ company, terms }) => `With ${company} we pay ${terms}. I found this in their conditions.`,
  ({ company, terms, lead }) =>
    `**${company}**\n- payment: ${terms}\n- lead time: ${lead} working days`,
];
