using Gateway.Control.Contracts;
using Gateway.Policy.Budgets;
using Gateway.Policy.Documents;
using Gateway.Policy.Lists;

namespace Gateway.Control.Tests.ConfigFile;

public sealed class ConfigLoaderTests : IDisposable
{
    private const string Servers = """ "servers": { "afip": { "url": "http://127.0.0.1:9000/mcp" } } """;
    private const string Policies = """ "policies": { "open": { "version": "1", "default": "allow" } } """;
    private readonly TestFolder _folder = new();

    [Fact]
    public void Reads_servers_policies_and_grants()
    {
        var result = Load($$$"""
            { {{{Servers}}}, {{{Policies}}},
              "grants": { "bot": { "server": "afip", "policy": "open", "token": "0123456789abcdef", "expires": "2027-06-30T00:00:00Z" } },
              "publicUrl": "https://mcp.example.com", "allowedOrigins": [], "allowedHosts": ["inner"] }
            """);

        Assert.Empty(result.Problems);
        var grant = Assert.Single(result.Snapshot!.Grants.Values);
        Assert.Equal("bot", grant.Name);
        Assert.True(grant.Bindings.ContainsKey("afip"));
        Assert.False(grant.IsExpired(DateTimeOffset.Parse("2027-06-29T23:59:59Z").ToUnixTimeMilliseconds()));
        Assert.True(grant.IsExpired(DateTimeOffset.Parse("2027-06-30T00:00:00Z").ToUnixTimeMilliseconds()));
    }

    [Fact]
    public void Reads_alert_rules_and_warns_of_a_server_and_a_grant_that_only_the_store_could_have()
    {
        var result = Load($$$"""
            { {{{Servers}}}, "alerts": {
                "slow": { "measure": "p95-latency", "above": 500, "server": "afip", "over": "1h", "severity": "critical" },
                "spend": { "measure": "limit-use", "above": 80, "server": "afp", "grant": "bot" } } }
            """);

        Assert.Empty(result.Problems);
        var slow = result.Config!.Alerts["slow"];
        Assert.Equal(
            ("p95-latency", 500, "afip", "1h", "critical"),
            (slow.Measure, slow.Above, slow.Server, slow.Over, slow.Severity));
        Assert.Equal(
            [
                ("/alerts/spend/server", "this file has no server \"afp\"; without a stored server of this name, the "
                    + "rule never fires; did you mean \"afip\"?"),
                ("/alerts/spend/grant", "this file has no grant \"bot\"; without a stored grant of this name, the rule "
                    + "never fires"),
            ],
            result.Warnings.Select(static one => (one.Pointer, one.Message)));
    }

    [Fact]
    public void Refuses_more_alert_rules_than_are_measured()
    {
        Assert.Empty(Load(Rules(AlertSpec.CountMax)).Problems);
        Assert.Equal("/alerts", Assert.Single(Load(Rules(AlertSpec.CountMax + 1)).Problems).Pointer);

        static string Rules(int count) => $$"""{ "alerts": { {{string.Join(',', Enumerable.Range(0, count)
            .Select(static one => $$"""  "a{{one}}": { "measure": "calls", "above": 1 } """))}} } }""";
    }

    [Fact]
    public void Reads_the_environment_where_the_file_says_so()
    {
        var result = Load(
            $$$"""{ "servers": { "afip": { "url": "http://127.0.0.1:${PORT}/mcp", "headers": { "Authorization": "Bearer ${TOKEN}" } } } }""",
            name => name switch { "PORT" => "9000", "TOKEN" => "s3cret", _ => null });

        var server = result.Snapshot!.Servers["afip"];
        Assert.Equal(9000, server.Url!.Port);
        Assert.Equal("Bearer s3cret", Assert.Single(server.Headers).Value);
    }

    [Fact]
    public void Reads_the_transport_of_a_server()
    {
        var result = Load("""
            { "servers": { "old": { "url": "http://x/sse", "transport": "sse" },
              "new": { "url": "http://x/mcp", "transport": "http" }, "any": { "url": "http://x/" } } }
            """);

        Assert.Empty(result.Problems);
        Assert.Equal(
            [(ServerTransport?)null, ServerTransport.Http, ServerTransport.Sse],
            new[] { "any", "new", "old" }.Select(name => result.Snapshot!.Servers[name].Transport));
    }

    [Fact]
    public void Reads_the_replicas_the_proxy_and_the_certificates_of_a_server()
    {
        var made = new TestCertificate(_folder.Path);
        made.Write("client");

        var result = Load($$$"""
            { "servers": { "pay": {
                "urls": ["https://pay-1.example.com/mcp", "https://pay-2.example.com/mcp"],
                "proxy": { "url": "http://gw:${PASSWORD}@proxy.example.com:3128", "resolves": true },
                "tls": { "ca": "{{{made.Certificate}}}", "cert": "{{{made.Certificate}}}", "key": "{{{made.Key}}}" } } } }
            """, static _ => "s3cret");

        Assert.Empty(result.Problems);
        var server = result.Snapshot!.Servers["pay"];
        Assert.Equal(
            ["https://pay-1.example.com/mcp", "https://pay-2.example.com/mcp"],
            server.Replicas.Select(static url => url.ToString()));
        Assert.Equal(("gw:s3cret", true), (server.Proxy!.Url!.UserInfo, server.Proxy.Resolves));
        Assert.Equal("http://proxy.example.com:3128", server.Proxy.Shown);
        Assert.Equal(new ServerTlsFiles { Ca = made.Certificate, Cert = made.Certificate, Key = made.Key },
            server.Tls);
    }

    [Fact]
    public void Names_the_key_that_does_not_belong_to_its_certificate()
    {
        var (one, other) = (new TestCertificate(_folder.Path), new TestCertificate(_folder.Path, "other"));
        one.Write("one");
        other.Write("other");

        var result = Load($$$"""
            { "servers": { "pay": { "url": "https://pay.example.com/mcp",
                "tls": { "cert": "{{{one.Certificate}}}", "key": "{{{other.Key}}}" } } } }
            """);

        var problem = Assert.Single(result.Problems);
        Assert.Equal(("/servers/pay/tls/key", 2), (problem.Pointer, problem.Line));
        Assert.StartsWith($"{other.Key} lacks the private key of the first certificate", problem.Message);
    }

    [Fact]
    public void Denies_a_grant_without_a_policy_every_call_but_accepts_the_configuration()
    {
        var result = Load($$"""{ {{Servers}}, "grants": { "bot": { "server": "afip", "token": "0123456789abcdef" } } }""");

        Assert.Empty(result.Problems);
        Assert.True(result.Snapshot!.Grants.Values.Single().Bindings.ContainsKey("afip"));
    }

    [Fact]
    public void Reads_a_policy_from_a_file_beside_the_configuration()
    {
        _folder.File("policies/open.json", """{ "version": "1", "default": "allow" }""");

        var result = Load($$"""
            { {{Servers}}, "policies": { "open": { "file": "policies/open.json" } },
              "grants": { "bot": { "server": "afip", "policy": "open", "token": "0123456789abcdef" } } }
            """);

        Assert.Empty(result.Problems);
    }

    [Fact]
    public void Names_line_and_column_of_a_fault_inside_an_inline_policy()
    {
        var result = Load(
            "{\n  \"policies\": {\n    \"p\": { \"version\": \"1\",\n           \"default\": \"maybe\" }\n  }\n}");

        var problem = Assert.Single(result.Problems);
        Assert.Equal(Path.Combine(_folder.Path, "gateway.json"), problem.File);
        Assert.Equal((4, 23, "/policies/p/default"), (problem.Line, problem.Column, problem.Pointer));
    }

    [Theory]
    [InlineData("{", ":1:")]
    [InlineData("[]", ":1:")]
    [InlineData("null", "null")]
    [InlineData("""{ "server": {} }""", "server")]
    [InlineData("""{ "servers": {}, "servers": {} }""", "servers")]
    [InlineData("""{ "servers": { "a b": { "url": "http://x/" } } }""", "/servers/a b")]
    [InlineData("""{ "servers": { "a": {} } }""", "url")]
    [InlineData("""{ "servers": { "a": { "url": "ftp://x/" } } }""", "http:// or https://")]
    [InlineData("""{ "servers": { "a": { "url": "http://u:p@x/" } } }""", "user information")]
    [InlineData("""{ "servers": { "a": { "url": "http://x/", "headers": { "Host": "y" } } } }""", "Host")]
    [InlineData("""{ "servers": { "a": { "url": "http://x/", "headers": { "X": "a\nb" } } } }""", "visible ASCII")]
    [InlineData("""{ "servers": { "a": { "url": "http://x/", "headers": { "X": "${MISSING}" } } } }""", "MISSING")]
    [InlineData("""{ "servers": { "a": { "url": "http://x/", "headers": { "X": "${OPEN" } } } }""", "not closed")]
    [InlineData("""{ "servers": { "a": { "url": "http://x/" } }, "grants": { "g": { "server": "a" } } }""", "token")]
    [InlineData("""{ "servers": { "a": { "url": "http://x/" } }, "grants": { "g": { "server": "a", "token": "short" } } }""", "16 to 512")]
    [InlineData("""{ "servers": { "a": { "url": "http://x/" } }, "grants": { "g": { "server": "a", "tokenHash": "sha256:12" } } }""", "64 hexadecimal")]
    [InlineData("""{ "grants": { "g": { "server": "nowhere", "token": "0123456789abcdef" } } }""", "nowhere")]
    [InlineData("""{ "servers": { "a": { "url": "http://x/" } }, "grants": { "g": { "server": "a", "policy": "none", "token": "0123456789abcdef" } } }""", "none")]
    [InlineData("""{ "grants": { "g": { "token": "0123456789abcdef" } } }""", "either \"server\"")]
    [InlineData("""{ "policies": { "p": { "file": "nowhere.json" } } }""", "cannot be read")]
    [InlineData("""{ "publicUrl": "mcp.example.com" }""", "publicUrl")]
    [InlineData("""{ "oauth": {} }""", "/oauth: \"oauth\" needs \"issuer\"")]
    [InlineData("""{ "oauth": { "issuer": "https://g.example.com/" } }""", "/oauth/issuer")]
    [InlineData("""{ "oauth": { "issuer": "https://g.example.com", "clients": { "a": {} } } }""", "/oauth/clients/a: a client needs either \"secret\" or \"jwks\"")]
    [InlineData("""{ "oauth": { "issuer": "https://g.example.com", "clients": { "a": { "secret": "short" } } } }""", "/oauth/clients/a/secret: a secret must have 16")]
    [InlineData("""{ "oauth": { "issuer": "https://g.example.com", "clients": { "a": { "jwks": { "keys": [] } } } } }""", "/oauth/clients/a/jwks")]
    [InlineData("""{ "oauth": { "issuer": "https://g.example.com", "clients": { "a": { "jwks": { "keys": [{ "kty": "EC", "d": "x" }] } } } } }""", "without their private parts")]
    [InlineData("""{ "oauth": { "issuer": "https://g.example.com", "clients": { "a b": { "secret": "0123456789abcdef" } } } }""", "/oauth/clients/a b")]
    [InlineData("""{ "oauth": { "issuer": "https://g.example.com", "clients": { "a": { "secret": "0123456789abcdef", "grant": "none" } } } }""", "/oauth/clients/a/grant: there is no grant \"none\"")]
    [InlineData("""{ "oauth": { "issuer": "https://g.example.com", "clients": { "a": { "color": 1 } } } }""", "/oauth/clients/a/color")]
    [InlineData("""{ "oauth": { "issuer": "https://g.example.com/mcp" } }""", "/oauth/issuer")]
    [InlineData("""{ "oauth": { "issuer": "http://g.example.com" } }""", "/oauth/issuer")]
    [InlineData("""{ "oauth": { "issuer": "https://g.example.com", "redirectUris": ["javascript:alert(1)"] } }""", "/oauth/redirectUris/0")]
    [InlineData("""{ "servers": { "a": { "url": "http://x/", "host": "X.example.com" } } }""", "/servers/a/host")]
    [InlineData("""{ "servers": { "a": { "url": "http://x/", "host": "x.example.com/mcp" } } }""", "/servers/a/host")]
    [InlineData("""{ "servers": { "a": { "url": "http://x/", "host": "x.example.com" }, "b": { "url": "http://x/", "host": "x.example.com" } } }""", "have the same host")]
    [InlineData("""{ "lists": [] }""", "\"lists\" must be an object")]
    [InlineData("""{ "budgets": { "a b": { "window": "day", "max": 1, "services": [] } } }""", "/budgets/a b: \"a b\" is not a valid budget name")]
    [InlineData("""{ "budgets": { "a": 5 } }""", "/budgets/a: a budget must be an object")]
    [InlineData("""{ "budgets": { "a": { "max": 1, "services": [] } } }""", "\"window\" is missing in a budget")]
    [InlineData("""{ "budgets": { "a": { "window": "day", "services": [] } } }""", "\"max\" is missing in a budget")]
    [InlineData("""{ "budgets": { "a": { "window": "day", "max": 1 } } }""", "nobody may charge this budget")]
    [InlineData("""{ "budgets": { "a": { "window": "fortnight", "max": 1, "services": [] } } }""", "\"fortnight\" is not a window")]
    [InlineData("""{ "budgets": { "a": { "window": "day", "max": 0, "services": [] } } }""", "/budgets/a/max: \"max\" is 0")]
    [InlineData("""{ "budgets": { "a": { "window": "day", "max": "12 EUR", "services": [] } } }""", "/budgets/a/max: \"max\" must be written")]
    [InlineData("""{ "budgets": { "a": { "window": "month", "max": 1, "kind": "sliding", "services": [] } } }""", "/budgets/a/kind")]
    [InlineData("""{ "budgets": { "a": { "window": "day", "max": 1, "zone": "Nowhere/X", "services": [] } } }""", "/budgets/a/zone")]
    [InlineData("""{ "budgets": { "a": { "window": "day", "max": 1, "services": ["a b"] } } }""", "/budgets/a/services/0: this must be \"*\" for all, or a name")]
    [InlineData("""{ "budgets": { "a": { "window": "day", "max": 1, "services": [], "scope": "grant" } } }""", "a budget has no member \"scope\"")]
    [InlineData("""{ "budgets": { "b": { "window": "day", "max": 1, "services": ["*"] } }, "servers": { "a": { "url": "http://x/" } }, "policies": { "p": { "version": "1", "default": "deny", "all_tools": { "budgets": ["b"] } } }, "grants": { "g": { "server": "a", "policy": "p", "token": "0123456789abcdef" } } }""", "/grants/g: its policy p cannot be used: the budget \"b\" does not name the grant g")]
    [InlineData("""{ "lists": { "a b": [] } }""", "not a valid name for a list")]
    [InlineData("""{ "lists": { "a": "x" } }""", "/lists/a: a list is an array of strings")]
    [InlineData("""{ "lists": { "a": ["x", 1] } }""", "/lists/a: a list is an array of strings")]
    [InlineData("""{ "lists": { "a": ["x", ""] } }""", "/lists/a: value 2: a value of a list is a string of at least")]
    [InlineData("""{ "lists": { "a": { "file": "nowhere.txt" } } }""", "/lists/a/file: the list cannot be read")]
    [InlineData("""{ "lists": { "a": { "file": "." } } }""", "/lists/a/file: the list cannot be read")]
    [InlineData("""{ "lists": { "a": ["x"] }, "policies": { "p": { "version": "1", "default": "deny", "all_tools": { "require": [ { "path": "args.x", "op": "in", "list": "a", "as": "number" } ] } } } }""", "/policies/p/all_tools/require/0/list: the list \"a\" has the value \"x\"")]
    public void Refuses_what_is_wrong_and_says_where(string config, string said)
    {
        var result = Load(config);

        Assert.Null(result.Snapshot);
        Assert.Contains(result.Problems, p => p.ToString().Contains(said, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{ "alerts": [] }""", "/alerts: \"alerts\" must be an object")]
    [InlineData("""{ "alerts": { "a b": { "measure": "calls", "above": 1 } } }""", "/alerts/a b: \"a b\" is not a valid name for an alert rule")]
    [InlineData("""{ "alerts": { "a": 5 } }""", "/alerts/a: an alert rule must be an object")]
    [InlineData("""{ "alerts": { "a": { "above": 1 } } }""", "/alerts/a/measure: \"measure\" is required: write a measure, such as")]
    [InlineData("""{ "alerts": { "a": { "measure": "calls" } } }""", "/alerts/a/above: \"above\" is required: write the threshold")]
    [InlineData("""{ "alerts": { "a": { "measure": "cals", "above": 1 } } }""", "did you mean \"calls\"?")]
    [InlineData("""{ "alerts": { "a": { "measure": "calls", "above": -1 } } }""", "/alerts/a/above: -1 is not a whole number from 0")]
    [InlineData("""{ "alerts": { "a": { "measure": "refusal-rate", "above": 100 } } }""", "/alerts/a/above: \"above\" must be below 100")]
    [InlineData("""{ "alerts": { "a": { "measure": "calls", "above": 1, "over": "90s" } } }""", "/alerts/a/over: \"over\" must be whole minutes or hours from 1m to 6h")]
    [InlineData("""{ "alerts": { "a": { "measure": "calls", "above": 1, "limit": "b" } } }""", "/alerts/a/limit: \"limit\" has no effect on calls; remove \"limit\"")]
    [InlineData("""{ "alerts": { "a": { "measure": "calls", "above": 1, "when": "now" } } }""", "an alert rule has no member \"when\"")]
    public void Refuses_an_alert_rule_that_is_wrong(string config, string said) =>
        Refuses_what_is_wrong_and_says_where(config, said);

    [Theory]
    [InlineData("""{ "servers": { "a": { "urls": [] } } }""", "/servers/a/urls: \"urls\" must have 1 to 16 values, not 0")]
    [InlineData("""{ "servers": { "a": { "url": "http://x/", "urls": ["http://y/"] } } }""", "/servers/a/urls: a server cannot have both \"url\" and \"urls\"; remove one")]
    [InlineData("""{ "servers": { "a": { "urls": ["http://x/", "ftp://y/"] } } }""", "/servers/a/urls/1: \"ftp://y/\" is not an address that begins with http:// or https://")]
    [InlineData("""{ "servers": { "a": { "urls": ["http://x/", "http://X:80/"] } } }""", "/servers/a/urls/1: http://x/ is listed twice")]
    [InlineData("""{ "servers": { "a": { "url": "http://x/", "transport": "SSE" } } }""", "/servers/a/transport: \"transport\" must be one of \"http\", \"sse\", not \"SSE\"")]
    [InlineData("""{ "servers": { "a": { "command": "x", "transport": "sse" } } }""", "/servers/a/transport: \"transport\" is only for a server with \"url\"")]
    [InlineData("""{ "servers": { "a": { "url": "http://x/", "proxy": { "url": "socks5://y:1" } } } }""", "/servers/a/proxy/url: this is not the http address of a proxy")]
    [InlineData("""{ "servers": { "a": { "url": "http://x/", "proxy": { "url": "https://u:secret@y:1" } } } }""", "/servers/a/proxy/url: this is not the http address of a proxy; write an address such as http://proxy.example.com:3128")]
    [InlineData("""{ "servers": { "a": { "url": "http://x/", "proxy": { "resolve": true } } } }""", "\"proxy\" has no member \"resolve\"")]
    [InlineData("""{ "servers": { "a": { "command": "x", "proxy": { "url": "http://y:1" } } } }""", "/servers/a/proxy: \"proxy\" is only for a server with \"url\"")]
    [InlineData("""{ "servers": { "a": { "url": "http://x/", "tls": { "ca": "/nowhere.pem" } } } }""", "/servers/a/tls: certificates are used over https only")]
    [InlineData("""{ "servers": { "a": { "url": "https://x/", "tls": { "ca": "ca.pem" } } } }""", "/servers/a/tls/ca: \"ca.pem\" is not an absolute path; begin it with /")]
    [InlineData("""{ "servers": { "a": { "url": "https://x/", "tls": { "ca": "/nowhere.pem" } } } }""", "/servers/a/tls/ca: there is no file /nowhere.pem")]
    [InlineData("""{ "servers": { "a": { "url": "https://x/", "tls": { "ca": "/etc/passwd" } } } }""", "/servers/a/tls/ca: /etc/passwd contains no readable certificate")]
    [InlineData("""{ "servers": { "a": { "url": "https://x/", "tls": { "cert": "/etc" } } } }""", "/servers/a/tls/cert: /etc is a directory")]
    [InlineData("""{ "servers": { "a": { "url": "https://x/", "tls": { "key": "/nowhere.key" } } } }""", "/servers/a/tls/key: a key needs a certificate")]
    [InlineData("""{ "servers": { "a": { "url": "http://x/", "timeouts": { "callSeconds": 0 } } } }""", "/servers/a/timeouts/callSeconds: 0 is not a whole number from 1 to 86400")]
    [InlineData("""{ "servers": { "a": { "url": "http://x/", "timeouts": { "tools": { "t": 90000 } } } } }""", "/servers/a/timeouts/tools/t: 90000 is not a whole number from 1 to 86400")]
    [InlineData("""{ "servers": { "a": { "command": "x", "timeouts": { "callSeconds": 60, "tools": { "t": 90 }, "maxSeconds": 80 } } } }""", "/servers/a/timeouts/maxSeconds: 80 s is less than the longest timeout; write at least 90")]
    [InlineData("""{ "servers": { "a": { "url": "http://x/", "tasks": { "maxTtlSeconds": 0 } } } }""", "/servers/a/tasks/maxTtlSeconds: 0 is not a whole number from 1 to 2592000")]
    [InlineData("""{ "servers": { "a": { "url": "http://x/", "tasks": { "tools": { "t": 301 } } } } }""", "/servers/a/tasks/tools/t: 301 is not a whole number from 1 to 300")]
    [InlineData("""{ "servers": { "a": { "url": "http://x/", "timeouts": { "callMs": 1 } } } }""", "\"timeouts\" has no member \"callMs\"")]
    public void Refuses_a_wrong_way_to_a_server_and_says_where(string config, string said) =>
        Refuses_what_is_wrong_and_says_where(config, said);

    [Fact]
    public void Reads_lists_and_refuses_a_policy_whose_list_is_neither_in_the_file_nor_in_the_store()
    {
        _folder.File("two.txt", "a\n\nb\n");
        const string config = """
            { "lists": { "one": ["a", "a"], "two": { "file": "two.txt" } },
              "policies": { "p": { "version": "1", "default": "deny", "all_tools": { "require": [
                { "path": "args.x", "op": "in", "list": "one" },
                { "path": "args.x", "op": "in", "list": "three" } ] } } } }
            """;

        var open = Load(config);
        Assert.Empty(open.Problems);
        Assert.Equal(["one: a", "two: a b"], open.Config!.Objects.Lists
            .Select(static list => $"{list.Key}: {string.Join(' ', list.Value!.Values)}"));

        var path = Path.Combine(_folder.Path, "gateway.json");
        var refused = Assert.Single(ConfigLoader.Load(path, _ => null, NamedLists.None).Problems);
        Assert.Equal((4, "/policies/p/all_tools/require/1/list"), (refused.Line, refused.Pointer));
        Assert.StartsWith("there is no list \"three\"", refused.Message, StringComparison.Ordinal);
        var stored = NamedLists.None with { All = new Dictionary<string, NamedList?> { ["three"] = null } };
        Assert.Empty(ConfigLoader.Load(path, _ => null, stored).Problems);
    }

    [Fact]
    public void Refuses_a_policy_whose_budget_is_neither_in_the_file_nor_in_the_store()
    {
        const string config = """
            { "policies": { "p": { "version": "1", "default": "deny", "all_tools": { "budgets": ["b"] } } } }
            """;
        var budget = BudgetReader.Load("b", """{ "window": "day", "max": 1, "grants": ["*"] }"""u8.ToArray(), out _)!;
        var stored = NamedLists.None with { Budgets = new Dictionary<string, Budget> { ["b"] = budget } };

        Assert.Empty(Load(config).Problems);
        var path = Path.Combine(_folder.Path, "gateway.json");
        var refused = Assert.Single(ConfigLoader.Load(path, _ => null, NamedLists.None).Problems);
        Assert.Equal("/policies/p/all_tools/budgets/0", refused.Pointer);
        Assert.StartsWith("there is no budget \"b\"", refused.Message, StringComparison.Ordinal);
        Assert.Empty(ConfigLoader.Load(path, _ => null, stored).Problems);
    }

    [Theory]
    [InlineData("${SET}", "secret")]
    [InlineData("Bearer ${SET}!", "Bearer secret!")]
    [InlineData("${UNSET:-fallback}", "fallback")]
    [InlineData("${EMPTY:-fallback}", "fallback")]
    [InlineData("${SET:-fallback}", "secret")]
    [InlineData("${UNSET:-}x", "x")]
    [InlineData("$${SET}", "${SET}")]
    [InlineData("$${", "${")]
    [InlineData("a$b${SET}$${SET}$", "a$bsecret${SET}$")]
    [InlineData("$$${SET}", "$${SET}")]
    public void A_reference_in_a_header_expands(string written, string expected)
    {
        var result = Load(
            $$"""{ "servers": { "a": { "url": "http://x/", "headers": { "X": "{{written}}" } } } }""",
            static name => name == "SET" ? "secret" : name == "EMPTY" ? "" : null);

        Assert.Empty(result.Problems);
        Assert.Equal(expected, result.Config!.Objects.Servers["a"].Headers.Single().Value);
    }

    [Fact]
    public void A_reference_to_a_file_expands_and_a_change_of_the_file_is_noticed()
    {
        var secret = _folder.File("crm", "from-a-file\n");
        var result = Load($$"""
            { "servers": { "a": { "url": "http://x/", "headers": { "X": "Bearer ${file:{{secret}}}" } } } }
            """);

        Assert.Empty(result.Problems);
        Assert.Equal("Bearer from-a-file", result.Config!.Objects.Servers["a"].Headers.Single().Value);
        Assert.False(result.Files.HaveChanged());
        File.WriteAllText(secret, "rotated\n");
        Assert.True(result.Files.HaveChanged());
    }

    [Theory]
    [InlineData("${file:relative}", "needs an absolute path")]
    [InlineData("${file:/nowhere/crm}", "the file /nowhere/crm cannot be read")]
    [InlineData("${file:/dev/null}", "the file /dev/null is empty")]
    [InlineData("${OPEN", "\"${\" is not closed")]
    [InlineData("${UNSET}", "the environment has no variable UNSET")]
    public void A_reference_without_a_value_is_an_error_with_its_place(string written, string message)
    {
        var result = Load($$"""
            { "servers": { "a": { "url": "http://x/", "headers": { "X": "{{written}}" } } } }
            """);

        var problem = Assert.Single(result.Problems);
        Assert.Equal("/servers/a/headers/X", problem.Pointer);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_two_grants_with_one_token()
    {
        var result = Load($$"""
            { {{Servers}}, "grants": {
                "a": { "server": "afip", "token": "0123456789abcdef" },
                "b": { "server": "afip", "token": "0123456789abcdef" } } }
            """);

        Assert.Contains("a and b", Assert.Single(result.Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reports_every_problem_at_once()
    {
        var result = Load("""{ "servers": { "a": {}, "b": { "url": "x" } }, "grants": { "g": { "server": "a" } } }""");

        Assert.Equal(3, result.Problems.Length);
    }

    [Fact]
    public void Reports_a_file_that_is_not_there()
    {
        var result = ConfigLoader.Load(Path.Combine(_folder.Path, "nowhere.json"), _ => null);

        Assert.Contains("cannot be read", Assert.Single(result.Problems).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private ConfigResult Load(string config, Func<string, string?>? environment = null) =>
        ConfigLoader.Load(_folder.File("gateway.json", config), environment ?? (_ => null));
}
