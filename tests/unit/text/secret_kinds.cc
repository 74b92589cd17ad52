// SPDX-License-Identifier: MIT
#include "tests/unit/text/secret_kinds.h"

namespace halo {
namespace {

std::string Random(std::size_t count, std::string_view from) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += from[(i * 7 + 3) % from.size()];
  return text;
}
std::string Letters(std::size_t count) { return Random(count, "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7xc"); }
std::string Hex(std::size_t count) { return Random(count, "0123456789abcdef8"); }
std::string Capitals(std::size_t count) { return Random(count, "A2B3C4D5E6F7G"); }

// Keys with a prefix, alone in a sentence.
void AddIssued(std::vector<SecretKind>& out) {
  const auto add = [&](std::string what, std::string prefix, const std::string& rest) {
    out.push_back({what, "error: the key " + prefix + rest + " was refused", rest});
  };
  add("openai", "sk-", Letters(48));
  add("openai project", "sk-proj-", Letters(40) + "_" + Letters(20));
  add("anthropic", "sk-ant-api03-", Letters(60) + "-AA");
  add("openrouter", "sk-or-v1-", Hex(64));
  add("langfuse", "sk-lf-", "1a2b3c4d-1a2b-3c4d-5e6f-1a2b3c4d5e6f");
  add("google", "AIza", Letters(35));
  add("google oauth", "ya29.", Letters(60));
  add("aws", "AKIA", Capitals(16));
  add("aws session", "ASIA", Capitals(16));
  out.push_back({"aws secret", "AKIA" + Capitals(16) + ", " + Letters(40), Letters(40)});
  add("github", "ghp_", Letters(36));
  add("github server", "ghs_", Letters(36));
  add("github fine", "github_pat_", Letters(22) + "_" + Letters(59));
  add("gitlab", "glpat-", Letters(20));
  add("slack bot", "xoxb-", "123456789012-" + Letters(24));
  add("slack app", "xapp-", "1-A012-345678901234-" + Hex(64));
  add("stripe", "sk_live_", Letters(24));
  add("stripe restricted", "rk_live_", Letters(24));
  add("twilio", "SK", Hex(32));
  add("sendgrid", "SG.", Letters(22) + "." + Letters(43));
  add("npm", "npm_", Letters(36));
  add("pypi", "pypi-", "AgEIcHlwaS5vcmc" + Letters(60));
  add("hugging face", "hf_", Letters(34));
  add("groq", "gsk_", Letters(52));
  add("xai", "xai-", Letters(80));
  add("replicate", "r8_", Letters(37));
  add("langsmith", "lsv2_pt_", Hex(32) + "_" + Hex(10));
  add("databricks", "dapi", Hex(32));
  add("shopify", "shpat_", Hex(32));
  add("digitalocean", "dop_v1_", Hex(64));
  add("linear", "lin_api_", Letters(40));
  add("notion", "ntn_", Letters(46));
  add("vercel", "vcp_", Letters(56));
  add("vault", "hvs.", Letters(90));
  add("pinecone", "pcsk_", Letters(60));
  add("telegram", "123456789:", "A" + Letters(34));
  add("discord", "M" + Letters(23) + ".", Letters(6) + "." + Letters(30));
  add("jwt", "eyJhbGciOiJIUzI1NiJ9.", "eyJzdWIiOiIxMjM0NTYifQ." + Letters(43));
}

// Values that only their name or place gives away.
void AddNamed(std::vector<SecretKind>& out) {
  const std::string word = std::string("hun") + "terly", mixed = Letters(20);
  const auto add = [&](std::string what, std::string before, std::string secret,
                       const std::string& after) {
    out.push_back({std::move(what), before + secret + after, secret});
  };
  add("json password", R"({"user":"x","password":")", word, R"(","n":1})");
  add("json spaced passphrase", R"({"passphrase": ")", "correct horse battery", R"("})");
  add("json number", R"({"password": )", "83164902", "}");
  add("json in json", R"({"body":"{\"db_password\": \")", word, R"(\", \"x\": 1}"})");
  add("json in json in json", R"("{\"a\":\"{\\\"client_secret\\\":\\\")", mixed, R"(\\\"}\"}")");
  add("unicode escapes", R"(\u0022password\u0022:\u0022)", word, R"(\u0022)");
  add("html entities", "&quot;password&quot;:&quot;", word, "&quot;");
  add("python dict", "{'api_key': '", mixed, "', 'n': 1}");
  add("python repr", "Config(token='", mixed, "', n=1)");
  add("camel case", R"({"clientSecret":")", mixed, R"("})");
  add("private key name", R"({"private_key":")", mixed, R"("})");
  add("credentials", R"({"credentials":")", mixed, R"("})");
  add("bearer", "Authorization: Bearer ", mixed, "");
  add("bearer word", "curl -H \"Authorization: Bearer ", "qwertyuiopas", "\" https://x.io");
  add("basic", "Authorization: Basic ", "dXNlcjpodW50ZXJseQ==", "\nAccept: */*");
  add("basic alone", "sent Basic ", "dXNlcjpodW50ZXJseQ==", " and got 401");
  add("basic encoded", "Basic%20", "dXNlcjpodW50ZXJseQ", "%3D%3D");
  add("aws4", "Authorization: AWS4-HMAC-SHA256 Credential=a/b, Signature=", Hex(64), "");
  add("header list", R"("authorization": ["Bearer )", mixed, R"("])");
  add("header pair", R"([["x-api-key", ")", mixed, R"("]])");
  add("header object", R"({"name": "X-Api-Key", "value": ")", mixed, R"("})");
  add("x-api-key header", "curl -H 'x-api-key: ", mixed, "'");
  add("auth token header", "X-Auth-Token: ", mixed, "\r\nHost: x");
  add("cookie", "Cookie: theme=dark; sid=", mixed, "\nHost: x");
  add("set-cookie", "Set-Cookie: session=", mixed, "; Path=/; HttpOnly");
  add("json cookie", R"({"cookie":"a=1; sid=)", mixed, R"("})");
  add("session id", "PHPSESSID=", mixed, "; x");
  add("query token", "GET /v1?token=", mixed, "&q=1");
  add("query password", "https://x.io/?user=a&password=", word, "&q=1");
  add("query key", "https://x.io/v1?key=", mixed, "&q=1");
  add("encoded query", "u=https%3A%2F%2Fx.io%3Fa%3D1%26access_token%3D", mixed, "%26q%3D1");
  add("encoded json", "q=%7B%22password%22%3A%22", word, "%22%7D");
  add("form", "grant_type=password&username=a&client_secret=", word, "&x=1");
  add("form field", "user%5Bpassword%5D=", word, "&x=1");
  add("azure sas", "https://a.blob.core.windows.net/b?sv=1&sig=", "Ab3%2Fdef4567%3D", "&se=2");
  add("aws signed url", "https://b.s3.amazonaws.com/k?X-Amz-Signature=", Hex(64), "&x=1");
  add("google signed url", "https://storage.googleapis.com/k?a=1&X-Goog-Signature=", Hex(64), "");
  add("environment", "export DB_PASSWORD=", word, "\n");
  add("environment key", "OPENAI_API_KEY=", mixed, " python run.py");
  add("environment pass", "DB_PASS=", word, "");
  add("escaped environment", R"(FROM x\nREDIS_PASSWORD=)", word, R"(\nRUN y)");
  add("aws environment", "AWS_SECRET_ACCESS_KEY=", Letters(38) + "/+", "");
  add("datadog", "DD_API_KEY=", Hex(32), "");
  add("yaml", "db:\n  user: a\n  password: ", word, "\n  port: 1");
  add("toml", "api_key = \"", mixed, "\"");
  add("ini", "[db]\npassword = ", "hunter2ly", "\n");
  add("option", "deploy --password ", word, " --force");
  add("option equals", "deploy --api-key=", mixed, " --force");
  add("spelled api key", "API Key: ", mixed, "\n");
  add("xml", "<password>", word, "</password>");
  add("curl user", "curl -u admin:", word, " https://x.io");
  add("go assignment", "apiKey := \"", mixed, "\"");
  add("ruby hash", "'secret_key' => '", mixed, "'");
  add("postgres", "postgres://app:", word, "@db:5432/x");
  add("url encoded password", "mysql://app:", "p%40ss%2Fword", "@db/x");
  add("url odd password", "amqp://app:", "p/w#1", "@mq:5672");
  add("redis", "redis://:", word, "@h:6379");
  add("encoded url", "postgres%3A%2F%2Fapp%3A", word, "%40db%2Fx");
  add("escaped url", R"(postgres:\/\/app:)", word, R"(@db\/x)");
  add("git token", "https://", Hex(40), "@github.com/a/b.git");
  add("ado", "Server=h;User Id=sa;Password=", "p@ss, w0rd!", ";Encrypt=True");
  add("azure storage", "AccountName=a;AccountKey=", Letters(40) + "/+a==", ";Suffix=x");
  add("libpq", "host=h user=app password=", word, " dbname=x");
  add("go mysql", "app:", word, "@tcp(h:3306)/x");
  add("slack hook", "https://hooks.slack.com/services/", "T012AB/B012AB/" + Letters(24), "");
  add("discord hook", "https://discord.com/api/webhooks/", "1234567890/" + Letters(60), " x");
  add("teams hook", "https://x.webhook.office.com/webhookb2/", Hex(32) + "@" + Hex(32), "");
  add("encoded hook", "https%3A%2F%2Fhooks.slack.com%2Fservices%2F",
      "T012AB%2FB012AB%2F" + Letters(24), "");
  const std::string begin = std::string("-----BEGIN RSA PRIV") + "ATE KEY-----";
  const std::string end = std::string("-----END RSA PRIV") + "ATE KEY-----";
  add("pem", begin + "\n", "MIIE" + Letters(60), "\n" + Letters(64) + "\n" + end);
  add("pem escaped", begin + R"(\n)", "MIIE" + Letters(60), R"(\n)" + Letters(64) + R"(\n)" + end);
  add("pem split", "\"" + begin + "\\n\"\n  \"" + Letters(64) + "\\n\"\n  \"", "MIIE" + Letters(60),
      "\\n\"\n  \"" + end + "\"");
  add("pem cut", begin + "\n", "MIIE" + Letters(60), "\nab");
}

}  // namespace

std::vector<SecretKind> SecretKinds() {
  std::vector<SecretKind> out;
  AddIssued(out);
  AddNamed(out);
  return out;
}

std::vector<std::string> NearMisses() {
  return {
      R"({"input_tokens": 1234, "max_tokens": 4096, "token_count": 17, "tokens": 12, "token": 12})",
      R"({"usage":{"prompt_tokens":1200,"completion_tokens":33,"cached_tokens":1024}})",
      "prompt_tokens: 1234567, max_tokens=4096, total_token=99123456",
      R"({"token": "Hello", "logprob": -0.31, "bytes": [72]})",
      R"({"token": " internationalization", "logprob": -0.3})",
      R"({"next_page_token": "CAUQAA2345678", "nextToken": "abc123def456"})",
      R"({"eos_token": "<|endoftext|>", "pad_token": "[PAD]"})",
      "your password reset link was sent; the password must have 8 characters",
      R"({"password": ["This field is required."]})",
      R"({"password": "must be at least 8 characters"})",
      R"({"password": {"type": "string", "description": "The password"}})",
      R"({"required": ["username", "password", "email"]})",
      R"({"api_key": "string", "secret": "", "token": null, "password": true})",
      R"({"tool":"reset_password","arguments":{"user_id":"user_1234567890"}})",
      R"({"name": "get_secret", "id": "call_9xK2mN5pQ8sT1vW4yZ7"})",
      "def set_password(self, password: str, token: Optional[str] = None) -> bool:",
      "login(username=username, password=password, token=token)",
      "password = get_password_2()",
      "api_key=os.environ1[\"KEY\"]",
      "api_key = os.environ.get(\"OPENAI_API_KEY\")",
      "OPENAI_API_KEY=$OPENAI_API_KEY python run.py",
      "export API_KEY=<your key here>",
      R"({"api_key": "YOUR_API_KEY", "password": "********"})",
      "interface Login { password: string; token: string; apiKey?: string }",
      "secret=\"${SECRET_VALUE_1}\"",
      "PWD=/home/agent/work OLDPWD=/tmp",
      R"({"pwd": "/workspace/repo", "cwd": "/tmp"})",
      "tests: pass=12 fail=3; \"pass\": 12; bypass=on1234",
      "trace_id=4bf92f3577b34da6a3ce929d0e0e4736 span_id=00f067aa0ba902b7",
      "commit 705e2ef0a1b2c3d4e5f60718293a4b5c6d7e8f90 by a",
      "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
      "session.id=3f2504e0-4f89-11d3-9a0c-0305e82c3301 session_id: sess_1234567890abcdef",
      "order #W1234567 gift_card_1234567 payment credit_card_9876543",
      "a task-1234567890123456789012 of disk-abcdefghijklmnopqrstuv1",
      "sk-loading-spinner-component-large",
      "model gpt-4o-2024-08-06, claude-sonnet-4-20250514, text-embedding-3-small",
      "toolu_01A09q90qw90lq917835lq9 call_abc123DEF456ghi789JKL012 chatcmpl-9xK2mN5pQ8sT1vW4yZ7",
      "Basic usage of the library; Basic authentication is required; basic understanding2",
      "Bearer realm=\"example\", error=\"invalid_token\"",
      "Bearer authentication-is-required",
      "Authorization: bearer tokens are described below",
      "authorization: the process of granting rights",
      R"({"Authorization": "Bearer <token>", "authorization": "required"})",
      "https://example.com:8080/a@b http://user@host/ https://x.io/@scope/pkg@1.2.3",
      "git@github.com:a/b.git ssh://git@host:22/a",
      R"({"cookie": "chocolate chip", "cookies_accepted": true})",
      "Cookie policy: we use cookies to improve",
      "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
      "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----",
      R"({"signature": "def run(self, x: int) -> str", "type": "function"})",
      R"({"thinking": "ok", "signature": "EqQBCgIYAhIkNjA2OWI0"})",
      "someone@example.com wrote",
      R"({"primary_key": "order_id_2", "cache_key": "user:1234:profile", "sort_key": "created_at"})",
      "press key=Enter code=404 keyCode=13 KeyError: 'api_key'",
      "docker run -u 1000:1000 image",
      "?code=404&key=name",
      "the secretary broke2 the secret2 garden; secret: none",
      "https://hooks.slack.com/services/ is the prefix",
      "eyJ is how base64 of JSON begins",
      "12:30:45 AAPL 192.168.1.10:8080 2026-01-01T00:00:00.000Z",
      "text-sk-learn-model-v2-final-2024-11",
      R"({"tokenizer": "cl100k_base", "token_type": "bearer", "expires_in": 3600})",
  };
}

}  // namespace halo
