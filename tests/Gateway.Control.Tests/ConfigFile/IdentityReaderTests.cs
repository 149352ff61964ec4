namespace Gateway.Control.Tests.ConfigFile;

/// <summary>Issuers of the configuration file, and the grants that their tokens select.</summary>
public sealed class IdentityReaderTests
{
    private const string Corp = """ "corp": { "issuer": "https://login.example.com", "audience": "gateway" } """;
    private const string Match = """
        "match": { "issuer": "corp", "claims": [{ "path": "groups", "op": "has", "value": "agents" }] }
        """;

    [Fact]
    public void Reads_issuers_and_orders_the_grants_that_match()
    {
        var result = Read($$"""{ "issuers": { {{Corp}} } }""", $$"""
            "last": { "server": "crm", "order": 20, {{Match}} },
            "first": { "server": "crm", "order": 10, {{Match}}, "token": "0123456789abcdef" }
            """);

        Assert.Empty(result.Problems);
        var snapshot = result.Snapshot!;
        Assert.Equal(["first", "last"], snapshot.Matches.Select(one => snapshot.Grants[one.Token].Name));
        var issuer = Assert.Single(snapshot.Callers.Issuers);
        Assert.Equal(("corp", "gateway", TimeSpan.FromDays(1)), (issuer.Name, issuer.Audience, issuer.KeysMaxAge));
        Assert.Equal("sub", Assert.Single(issuer.Subject));
        Assert.Equal("X-API-Key", snapshot.Callers.KeyHeader);
    }

    [Theory]
    [InlineData("""{ "a b": { "issuer": "https://i.example", "audience": "a" } }""", "/identity/issuers/a b", "not a valid name")]
    [InlineData("""{ "a": { "audience": "a" } }""", "/identity/issuers/a", "needs \"issuer\"")]
    [InlineData("""{ "a": { "issuer": "http://login.example.com", "audience": "a" } }""", "/identity/issuers/a/issuer", "not a valid issuer")]
    [InlineData("""{ "a": { "issuer": "https://i.example?x=1", "audience": "a" } }""", "/identity/issuers/a/issuer", "not a valid issuer")]
    [InlineData("""{ "a": { "issuer": "https://i.example" } }""", "/identity/issuers/a", "publicUrl")]
    [InlineData("""{ "a": { "issuer": "https://i.example", "audience": "a", "jwks": "http://i.example/keys" } }""", "/identity/issuers/a/jwks", "neither an https address")]
    [InlineData("""{ "a": { "issuer": "https://i.example", "audience": "a", "subject": [] } }""", "/identity/issuers/a/subject", "at least one")]
    [InlineData("""{ "a": { "issuer": "https://i.example", "audience": "a", "subject": ["email"] } }""", "/identity/issuers/a/subject", "write \"sub\"")]
    [InlineData("""{ "a": { "issuer": "https://i.example", "audience": "a", "subject": ["tid", "email"] } }""", "/identity/issuers/a/subject", "write \"sub\"")]
    [InlineData("""{ "a": { "issuer": "https://i.example", "audience": "a", "subject": ["preferred_username"] } }""", "/identity/issuers/a/subject", "write \"sub\"")]
    [InlineData("""{ "a": { "issuer": "https://i.example", "audience": ["a"] } }""", "/identity/issuers/a/audience", "must be a string")]
    [InlineData("""{ "a": { "issuer": 1, "audience": "a" } }""", "/identity/issuers/a/issuer", "must be a string")]
    [InlineData("""{ "a": { "isuer": "https://i.example", "audience": "a" } }""", "/identity/issuers/a/isuer", "did you mean \"issuer\"")]
    [InlineData("""{ "a": { "issuer": "https://i.example", "audience": "a", "typ": "jwt" } }""", "/identity/issuers/a/typ", "at+jwt")]
    [InlineData("""{ "a": { "issuer": "https://i.example", "audience": "a", "keysMaxAgeSeconds": 5 } }""", "/identity/issuers/a/keysMaxAgeSeconds", "from 60")]
    [InlineData("""{ "a": { "issuer": "https://i.example", "audience": "a", "color": 1 } }""", "/identity/issuers/a/color", "color")]
    [InlineData("""{ "a": { "issuer": "https://i.example", "audience": "a" }, "b": { "issuer": "https://i.example", "audience": "a" } }""", "/identity/issuers/b/issuer", "same \"issuer\"")]
    [InlineData("""{ "a": { "issuer": "https://i.example", "audience": "a", "idJag": true } }""", "/identity/issuers/a/idJag", "needs \"oauth\"")]
    [InlineData("""{ "a": { "issuer": "https://i.example", "audience": "a", "workloads": true } }""", "/identity/issuers/a/workloads", "needs \"oauth\"")]
    public void Refuses_an_issuer_with_a_located_error(string issuers, string place, string why)
    {
        var problem = Assert.Single(Read($$"""{ "issuers": {{issuers}} }""").Problems);

        Assert.Equal(place, problem.Pointer);
        Assert.Contains(why, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "certificates": { "subject": "uri" } }""", "/identity/issuers/a/certificates", "\"ca\"")]
    [InlineData("""{ "certificates": { "ca": "CA" } }""", "/identity/issuers/a/certificates", "\"subject\"")]
    [InlineData("""{ "certificates": { "ca": "CA", "subject": "cn" } }""", "/identity/issuers/a/certificates/subject", "uri")]
    [InlineData("""{ "certificates": { "ca": "CA", "subject": "email" } }""", "/identity/issuers/a/certificates/subject", "uri")]
    [InlineData("""{ "certificates": { "ca": "ca.pem", "subject": "uri" } }""", "/identity/issuers/a/certificates/ca", "absolute")]
    [InlineData("""{ "certificates": { "ca": "/nowhere/ca.pem", "subject": "uri" } }""", "/identity/issuers/a/certificates/ca", "there is no file")]
    [InlineData("""{ "certificates": { "ca": "CA", "subject": "uri" }, "idJag": true }""", "/identity/issuers/a", "has no tokens")]
    [InlineData("""{ "certificates": { "ca": "CA", "subject": "uri" }, "issuer": "https://i.example" }""", "/identity/issuers/a", "has no tokens")]
    public void Refuses_certificates_of_an_issuer_with_a_located_error(string issuer, string place, string why)
    {
        using var folder = new TestFolder();
        var certificate = new TestCertificate(folder.Path);
        certificate.Write("ca");

        var problem = Assert.Single(
            Read($$"""{ "issuers": { "a": {{issuer.Replace("CA", certificate.Certificate)}} } }""").Problems);

        Assert.Equal(place, problem.Pointer);
        Assert.Contains(why, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reads_certificates_of_an_issuer()
    {
        using var folder = new TestFolder();
        var certificate = new TestCertificate(folder.Path);
        certificate.Write("ca");

        var result = Read($$"""
            { "issuers": { "mesh": { "certificates": { "ca": "{{certificate.Certificate}}", "subject": "uri" }, "freeText": ["sub"] } },
              "certificateHeader": "Client-Cert" }
            """, """
            "g": { "server": "crm", "match": { "issuer": "mesh", "claims": [{ "path": "sub", "op": "starts_with", "value": "spiffe://a/" }] } }
            """);

        Assert.Empty(result.Problems);
        var issuer = Assert.Single(result.Snapshot!.Callers.Issuers);
        Assert.Equal(new CertificateSettings(certificate.Certificate, "uri"), issuer.Certificates);
        Assert.Equal("Client-Cert", result.Snapshot.Callers.CertificateHeader);
    }

    [Theory]
    [InlineData("Authorization")]
    [InlineData("mcp-param-key")]
    [InlineData("Cookie")]
    [InlineData("a b")]
    [InlineData("")]
    public void Refuses_a_header_of_tokens_that_has_another_meaning(string header)
    {
        var problem = Assert.Single(Read($$"""{ "apiKeyHeader": "{{header}}" }""").Problems);

        Assert.Equal("/identity/apiKeyHeader", problem.Pointer);
    }

    [Theory]
    [InlineData("""{ "server": "crm", "order": 5, "token": "0123456789abcdef" }""", "/grants/g/order", "goes with \"match\"")]
    [InlineData("""{ "server": "crm", "order": 0, "match": { "issuer": "corp" } }""", "/grants/g/order", "1 to 1000000")]
    [InlineData("""{ "server": "crm", "order": 5, "match": { "issuer": "crop" } }""", "/grants/g/match/issuer", "did you mean \"corp\"")]
    [InlineData("""{ "server": "crm", "order": 5, "match": {} }""", "/grants/g/match", "needs \"issuer\"")]
    [InlineData("""{ "server": "crm", "order": 5, "match": { "issuer": "corp", "groups": [] } }""", "/grants/g/match", "groups")]
    [InlineData("""{ "server": "crm", "order": 5, "match": { "issuer": "corp", "claims": {} } }""", "/grants/g/match/claims", "an array")]
    [InlineData("""{ "server": "crm", "order": 5, "match": { "issuer": "corp", "claims": [{ "op": "has", "value": "x" }] } }""", "/grants/g/match/claims/0/path", "name of a claim")]
    [InlineData("""{ "server": "crm", "order": 5, "match": { "issuer": "corp", "claims": [{ "path": "a", "op": "is", "value": "x" }] } }""", "/grants/g/match/claims/0/op", "one of has, eq")]
    [InlineData("""{ "server": "crm", "order": 5, "match": { "issuer": "corp", "claims": [{ "path": "a", "op": "contains", "value": "x" }] } }""", "/grants/g/match/claims/0/op", "finds a part of a text")]
    [InlineData("""{ "server": "crm", "order": 5, "match": { "issuer": "corp", "claims": [{ "path": "a", "op": "starts_with", "value": "x" }] } }""", "/grants/g/match/claims/0/op", "finds a part of a text")]
    [InlineData("""{ "server": "crm", "order": 5, "match": { "issuer": "corp", "claims": [{ "path": "a", "op": "in", "value": "x" }] } }""", "/grants/g/match/claims/0/value", "an array")]
    [InlineData("""{ "server": "crm", "order": 5, "match": { "issuer": "corp", "claims": [{ "path": "a", "op": "has" }] } }""", "/grants/g/match/claims/0/value", "a value")]
    [InlineData("""{ "server": "crm", "token": "0123456789abcdef", "proofs": ["Once"] }""", "/grants/g/proofs/0", "did you mean \"once\"")]
    public void Refuses_a_match_with_a_located_error(string grant, string place, string why)
    {
        var problem = Assert.Single(Read($$"""{ "issuers": { {{Corp}} } }""", $"\"g\": {grant}").Problems);

        Assert.Equal(place, problem.Pointer);
        Assert.Contains(why, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_an_order_that_is_no_number_only_once()
    {
        var problem = Assert.Single(Read($$"""{ "issuers": { {{Corp}} } }""", $$"""
            "a": { "server": "crm", "order": "10", {{Match}} }, "b": { "server": "crm", "order": 20, {{Match}} }
            """).Problems);

        Assert.Equal("/grants/a/order", problem.Pointer);
    }

    [Fact]
    public void Refuses_two_grants_of_the_same_order()
    {
        var problem = Assert.Single(Read($$"""{ "issuers": { {{Corp}} } }""", $$"""
            "a": { "server": "crm", "order": 10, {{Match}} }, "b": { "server": "crm", "order": 10, {{Match}} }
            """).Problems);

        Assert.Equal("/grants/b/order", problem.Pointer);
        Assert.Contains("a and b have the same order", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "", "/grants/a /grants/b")]
    [InlineData(""" "order": 10, """, "", "/grants/b")]
    [InlineData(""" "order": 10, """, """ "order": 20, """, "")]
    public void Several_grants_for_one_issuer_need_an_order(string first, string second, string places)
    {
        var problems = Read($$"""{ "issuers": { {{Corp}} } }""", $$"""
            "a": { "server": "crm", {{first}} {{Match}} }, "b": { "server": "crm", {{second}} {{Match}} }
            """).Problems;

        Assert.Equal(places, string.Join(' ', problems.Select(static problem => problem.Pointer)));
    }

    [Fact]
    public void One_grant_for_an_issuer_needs_no_order() => Assert.Empty(
        Read($$"""{ "issuers": { {{Corp}} } }""", $$""" "a": { "server": "crm", {{Match}} } """).Problems);

    [Theory]
    [InlineData("dept", "starts_with", "Sales", null)]
    [InlineData("dept", "matches", "^Sales (EMEA|LATAM)$", null)]
    [InlineData("dept", "matches", "(a", "/grants/g/match/claims/0/value")]
    [InlineData("dept", "matches", "(?=a)b", "/grants/g/match/claims/0/value")]
    [InlineData("dept", "matches", "", "/grants/g/match/claims/0/value")]
    [InlineData("groups", "matches", "^Sales$", "/grants/g/match/claims/0/op")]
    public void Searches_only_claims_that_the_issuer_calls_free_text(
        string path, string op, string value, string? place)
    {
        var result = Read("""
            { "issuers": { "corp": { "issuer": "https://login.example.com", "audience": "gateway", "freeText": ["dept"] } } }
            """, $$"""
            "g": { "server": "crm", "order": 1,
              "match": { "issuer": "corp", "claims": [{ "path": "{{path}}", "op": "{{op}}", "value": "{{value}}" }] } }
            """);

        Assert.Equal(place, result.Problems.SingleOrDefault()?.Pointer);
    }

    [Theory]
    [InlineData("identity.md", 13)]
    [InlineData("connections.md", 1)]
    public void Accepts_every_example_of_the_guide(string guide, int count)
    {
        using var folder = new TestFolder("gateway-identity-");
        var blocks = Regex.Matches(
            File.ReadAllText(SourceTree.PathOf("docs", "how-to", guide)), "```json\n(.*?)```",
            RegexOptions.Singleline);
        Assert.Equal(count, blocks.Count);
        var certificate = new TestCertificate(folder.Path);
        certificate.Write("ca");
        foreach (var block in blocks.Select(static block => block.Groups[1].Value))
        {
            var text = block.Replace(
                "/etc/gateway/mesh-ca.pem", certificate.Certificate, StringComparison.Ordinal);
            var config = JsonNode.Parse(text)!.AsObject();
            config["servers"] ??= JsonNode.Parse("""{ "crm": { "url": "http://127.0.0.1:9000/mcp" } }""");
            config["policies"] = JsonNode.Parse("""
                { "support": { "version": "1", "default": "allow" }, "read": { "version": "1", "default": "deny" } }
                """);
            var path = Path.Combine(folder.Path, "gateway.json");
            File.WriteAllText(path, config.ToJsonString());

            Assert.Empty(ConfigLoader.Load(path, static _ => "0123456789abcdef").Problems);
        }
    }

    private static ConfigResult Read(string identity, string grants = "")
    {
        using var folder = new TestFolder("gateway-identity-");
        var path = Path.Combine(folder.Path, "gateway.json");
        File.WriteAllText(path, $$"""
            {
              "servers": { "crm": { "url": "http://127.0.0.1:9000/mcp" } },
              "identity": {{identity}},
              "grants": { {{grants}} }
            }
            """);
        return ConfigLoader.Load(path, static _ => null);
    }
}
