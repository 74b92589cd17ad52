// SPDX-License-Identifier: MIT
// How models write a call into their text: the formats of their training, of other frameworks and of
// prompts.

const json = (args) => JSON.stringify(args);
const spaced = (args) => JSON.stringify(args, null, 2);
const python = (args) =>
  Object.entries(args)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(', ');
const tags = (args, tag = (name, value) => `<${name}>${value}</${name}>`) =>
  Object.entries(args)
    .map(([name, value]) => tag(name, value))
    .join('\n');

export const WRITTEN_CALLS = [
  (tool, args) => `<tool_call>\n{"name": "${tool}", "arguments": ${json(args)}}\n</tool_call>`,
  (tool, args) =>
    `I found the document, filing it now.\n<tool_call>{"name":"${tool}","arguments":${json(args)}}</tool_call>`,
  (tool, args) => '```json\n' + `{"tool": "${tool}", "parameters": ${json(args)}}` + '\n```',
  (tool, args) =>
    'Sure.\n\n```json\n' + `{\n  "name": "${tool}",\n  "arguments": ${spaced(args)}\n}` + '\n```',
  (tool, args) => `functions.${tool}(${json(args)})`,
  (tool, args) => `<|python_tag|>${tool}.call(${python(args)})`,
  (tool, args) => `Action: ${tool}\nAction Input: ${json(args)}`,
  (tool, args) =>
    `Thought: I know which document is meant, so I can file it.\nAction: ${tool}\nAction Input: ${json(args)}\nObservation:`,
  (tool, args) => `[${tool}(${python(args)})]`,
  (tool, args) => `<function=${tool}>${json(args)}</function>`,
  (tool, args) =>
    `<function_calls>\n<invoke name="${tool}">\n${tags(args, (name, value) => `<parameter name="${name}">${value}</parameter>`)}\n</invoke>\n</function_calls>`,
  (tool, args) => `<${tool}>\n${tags(args)}\n</${tool}>`,
  (tool, args) => `[TOOL_CALLS] [{"name": "${tool}", "arguments": ${json(args)}}]`,
  (tool, args) => '```tool_code\n' + `print(${tool}(${python(args)}))` + '\n```',
  (tool, args) => `{"name": "${tool}", "parameters": ${json(args)}}`,
  (tool, args) => `{"function_call": {"name": "${tool}", "arguments": ${json(json(args))}}}`,
  (tool, args) => `to=functions.${tool} <|constrain|>json<|message|>${json(args)}`,
  (tool, args) => `Got it, I'll file this.\n\n\`${tool}(${python(args)})\``,
  (tool, args) => '```python\n' + `result = ${tool}(${python(args)})\nprint(result)` + '\n```',
  (tool, args) => `{"type": "function", "function": "${tool}", "arguments": ${json(args)}}`,
];
