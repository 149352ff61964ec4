namespace Gateway.Server.Tests.Callers;

/// <summary>
/// Tokens of platforms and providers, in the shapes that these document, at a gateway with the settings of the guide.
/// </summary>
public sealed class WorkloadTokenTests
{
    private const string None = """{"typ":null}""";
    private const string Plain = """{"typ":"JWT"}""";

    private const string Kubernetes = """
        {
          "aud": ["gateway"], "jti": "7d3a0f0e-4f0b-4a53-8f0e-2f0c3d1f9a11",
          "kubernetes.io": {
            "namespace": "agents",
            "node": { "name": "node-1", "uid": "a1" },
            "pod": { "name": "support-0", "uid": "b2" },
            "serviceaccount": { "name": "support", "uid": "c3" },
            "warnafter": 4102444800
          },
          "sub": "system:serviceaccount:agents:support"
        }
        """;

    private const string GitHub = """
        {
          "jti": "e5a1", "sub": "repo:octo/app:ref:refs/heads/main", "aud": "gateway", "ref": "refs/heads/main",
          "sha": "0a1b", "repository": "octo/app", "repository_owner": "octo", "repository_owner_id": "65",
          "run_id": "1", "run_number": "10", "run_attempt": "2", "repository_visibility": "private",
          "repository_id": "74", "actor_id": "12", "actor": "ana", "workflow": "release", "head_ref": "", "base_ref": "",
          "event_name": "push", "ref_protected": "true", "ref_type": "branch", "runner_environment": "github-hosted",
          "workflow_ref": "octo/app/.github/workflows/release.yml@refs/heads/main", "workflow_sha": "0a1b",
          "job_workflow_ref": "octo/app/.github/workflows/release.yml@refs/heads/main"
        }
        """;

    private const string Spiffe = """
        { "sub": "spiffe://example.com/ns/agents/sa/support", "aud": ["gateway"] }
        """;

    private const string Entra = """
        {
          "aud": "11111111-1111-1111-1111-111111111111", "ver": "2.0", "tid": "00000000-0000-0000-0000-000000000000",
          "oid": "6b4a", "sub": "pairwise-to-the-client", "azp": "22222222-2222-2222-2222-222222222222", "azpacr": "1",
          "roles": ["Support.Agent"], "scp": "access", "preferred_username": "ana@example.com", "uti": "x", "rh": "y"
        }
        """;

    private const string Keycloak = """
        {
          "jti": "onrtac:1", "aud": ["gateway", "account"], "sub": "f1c7a1e2", "typ": "Bearer", "azp": "support-agent",
          "sid": "a2", "acr": "1", "realm_access": { "roles": ["offline_access", "support"] },
          "resource_access": { "account": { "roles": ["view-profile"] } }, "scope": "profile email",
          "email_verified": true, "preferred_username": "ana"
        }
        """;

    private const string Okta = """
        {
          "ver": 1, "jti": "AT.x", "aud": "api://gateway", "cid": "0oa1", "uid": "00u1", "scp": ["crm"],
          "auth_time": 1, "sub": "ana@example.com", "groups": ["Everyone", "support"]
        }
        """;

    private const string Auth0 = """
        {
          "sub": "auth0|64a0", "aud": ["https://gateway.example.com", "https://example.eu.auth0.com/userinfo"],
          "azp": "cJ1", "scope": "openid profile", "permissions": ["crm:support"]
        }
        """;

    private const string Google = """
        {
          "aud": "gateway", "azp": "104961234567890123456", "email": "support@example.iam.gserviceaccount.com",
          "email_verified": true, "sub": "104961234567890123456"
        }
        """;

    [NodeTheory]
    [InlineData("cluster", Kubernetes, None, "system:serviceaccount:agents:support")]
    [InlineData("github", GitHub, Plain, "[\"74\",\"octo/app/.github/workflows/release.yml@refs/heads/main\"]")]
    [InlineData("spire", Spiffe, Plain, "spiffe://example.com/ns/agents/sa/support")]
    [InlineData("spire", Spiffe, """{"typ":"JOSE"}""", "spiffe://example.com/ns/agents/sa/support")]
    [InlineData("spire", Spiffe, None, "spiffe://example.com/ns/agents/sa/support")]
    [InlineData("entra", Entra, Plain, "[\"00000000-0000-0000-0000-000000000000\",\"6b4a\"]")]
    [InlineData("keycloak", Keycloak, Plain, "f1c7a1e2")]
    [InlineData("okta", Okta, None, "00u1")]
    [InlineData("auth0", Auth0, Plain, "auth0|64a0")]
    [InlineData("auth0", Auth0, """{"typ":"at+jwt"}""", "auth0|64a0")]
    [InlineData("google", Google, Plain, "104961234567890123456")]
    public async Task The_settings_of_the_guide_admit_a_token_of_its_shape(
        string issuer, string claims, string header, string subject)
    {
        await using var bench = await StartAsync(issuer);

        var token = await bench.SignAsync(Object(claims), Object(header));

        Assert.Equal(200, await bench.StatusAsync(token));
        await Soon.UntilAsync(() => bench.Records().Any(record => record.TryGetProperty("caller", out var caller)
            && caller.GetString() == subject
            && record.GetProperty("grant").GetString() == "workload"), "it is on record");
    }

    [NodeTheory]
    [InlineData("cluster", Kubernetes, "\"agents\"", "\"default\"")]
    [InlineData("cluster", Kubernetes, "\"support\"", "\"other\"")]
    [InlineData("github", GitHub, "\"74\"", "\"75\"")]
    [InlineData("github", GitHub, "\"refs/heads/main\"", "\"refs/heads/mine\"")]
    [InlineData("spire", Spiffe, "example.com", "example.org")]
    [InlineData("spire", Spiffe, "sa/support", "sa/support/x")]
    [InlineData("entra", Entra, "Support.Agent", "Support.Reader")]
    [InlineData("keycloak", Keycloak, "\"support\"", "\"not-support\"")]
    [InlineData("okta", Okta, "\"support\"", "\"not-support\"")]
    [InlineData("auth0", Auth0, "crm:support", "crm:read")]
    [InlineData("google", Google, "\"sub\": \"1", "\"sub\": \"2")]
    public async Task Another_workload_of_the_same_platform_matches_no_grant(
        string issuer, string claims, string old, string replacement)
    {
        await using var bench = await StartAsync(issuer);
        Assert.Contains(old, claims);

        var token = await bench.SignAsync(Object(claims.Replace(old, replacement)), Object(Plain));

        Assert.Equal(403, await bench.StatusAsync(token));
    }

    [NodeTheory]
    [InlineData("cluster", Kubernetes, "[\"gateway\"]", "[\"https://kubernetes.default.svc\"]")]
    [InlineData("github", GitHub, "\"aud\": \"gateway\"", "\"aud\": \"sts.amazonaws.com\"")]
    [InlineData("entra", Entra, "\"aud\": \"1", "\"aud\": \"3")]
    [InlineData("entra", Entra, "\"uti\": \"x\"", "\"nonce\": \"x\"")]
    [InlineData("keycloak", Keycloak, "[\"gateway\", \"account\"]", "\"account\"")]
    [InlineData("google", Google, "\"email_verified\": true", "\"at_hash\": \"x\"")]
    public async Task A_token_for_another_purpose_is_refused(
        string issuer, string claims, string old, string replacement)
    {
        await using var bench = await StartAsync(issuer);
        Assert.Contains(old, claims);

        var token = await bench.SignAsync(Object(claims.Replace(old, replacement)), Object(Plain));

        Assert.Equal(401, await bench.StatusAsync(token));
    }

    /// <summary>Starts a gateway with an example of the guide, for the provider of the bench.</summary>
    private static Task<CallerBench> StartAsync(string name)
    {
        var example = Regex.Matches(
            File.ReadAllText(SourceTree.PathOf("docs", "how-to", "identity.md")), "```json\n(.*?)```",
            RegexOptions.Singleline)
            .Select(static block => Object(block.Groups[1].Value))
            .Single(block => block["identity"]?["issuers"]?[name] is { } issuer && issuer["workloads"] is null);
        var issuer = example["identity"]!["issuers"]![name]!.AsObject();
        var audience = (string)issuer["audience"]!;
        var members = issuer.Where(static member => member.Key is not ("issuer" or "audience"))
            .Select(static member => $", \"{member.Key}\": {member.Value!.ToJsonString()}");
        var match = example["grants"]!.AsObject().Single().Value!["match"]!.DeepClone();
        match["issuer"] = "corp";
        return CallerBench.StartAsync(string.Concat(members), audience: audience, grants: $$"""
            "workload": { "servers": { "crm": "policy" }, "order": 1, "match": {{match.ToJsonString()}} },
            """);
    }

    private static JsonObject Object(string json) => JsonNode.Parse(json)!.AsObject();
}
