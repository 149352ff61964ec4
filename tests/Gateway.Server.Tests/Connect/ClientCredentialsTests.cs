using System.Buffers.Text;
using System.Security.Cryptography;

namespace Gateway.Server.Tests.Connect;

/// <summary>Programs that obtain tokens with credentials of their own (<c>client_credentials</c>).</summary>
public sealed class ClientCredentialsTests : IDisposable
{
    private const string Secret = "the-secret-of-the-nightly-job";
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public void Dispose() => _key.Dispose();

    [Fact]
    public async Task A_configured_client_gets_a_token_for_its_grant_and_resource()
    {
        await using var bench = await ConnectBench.StartAsync(oauth: Clients());

        var (status, json) = await TokenAsync(bench);

        Assert.Equal(200, status);
        Assert.Equal(("Bearer", "mcp"), ((string?)json["token_type"], (string?)json["scope"]));
        // What is left of an hour, in whole seconds.
        Assert.InRange((int)json["expires_in"]!, 3500, 3600);
        Assert.Null(json["refresh_token"]);
        var token = (string)json["access_token"]!;
        Assert.Equal(200, (await bench.CallAsync(token)).Status);
        Assert.Equal(401, (await bench.CallAsync(token, "/mcp")).Status);
        Assert.Equal(401, (await bench.CallAsync(token + "A")).Status);
        var decision = AuditTrail.Read(Path.Combine(bench.Gateway.Folder, "data", "audit"))
            .Single(static record => record.GetProperty("kind").GetString() == "decision");
        Assert.Equal(
            ("other", "nightly", ConnectBench.Issuer, "nightly"),
            (decision.GetProperty("grant").GetString(), decision.GetProperty("caller").GetString(),
                decision.GetProperty("callerIssuer").GetString(), decision.GetProperty("callerClient").GetString()));
    }

    [Fact]
    public async Task A_token_for_all_servers_is_for_no_server_alone()
    {
        await using var bench = await ConnectBench.StartAsync(oauth: Clients());
        var (_, json) = await TokenAsync(bench, resource: ConnectBench.Issuer + "/mcp");
        var token = (string)json["access_token"]!;

        Assert.Equal(401, (await bench.CallAsync(token)).Status);
        Assert.NotEqual(401, (await bench.CallAsync(token, "/mcp")).Status);
    }

    [Theory]
    [InlineData("nightly", "wrong-secret-of-the-job", ConnectBench.Resource, 401, "invalid_client")]
    [InlineData("nightly", null, ConnectBench.Resource, 401, "invalid_client")]
    [InlineData("unknown", Secret, ConnectBench.Resource, 401, "invalid_client")]
    [InlineData("signer", Secret, ConnectBench.Resource, 401, "invalid_client")]
    [InlineData("without", Secret, ConnectBench.Resource, 400, "unauthorized_client")]
    [InlineData("nightly", Secret, null, 400, "invalid_target")]
    [InlineData("nightly", Secret, "https://other.example.com/mcp/srv", 400, "invalid_target")]
    [InlineData("nightly", Secret, ConnectBench.Issuer + "/mcp/other", 400, "invalid_target")]
    [InlineData("old", Secret, ConnectBench.Resource, 400, "invalid_grant")]
    public async Task Refuses_other_requests(string id, string? secret, string? resource, int status, string error)
    {
        await using var bench = await ConnectBench.StartAsync(oauth: Clients());

        var refused = await TokenAsync(bench, id, secret, resource);

        Assert.Equal((status, error), (refused.Status, (string?)refused.Json["error"]));
    }

    [Fact]
    public async Task A_registered_client_gets_no_token_by_itself()
    {
        await using var bench = await ConnectBench.StartAsync(oauth: Clients());
        var (_, client) = await bench.RegisterAsync(new JsonObject
        {
            ["redirect_uris"] = new JsonArray(ConnectBench.Redirect),
            ["token_endpoint_auth_method"] = "client_secret_post",
        });

        var refused = await TokenAsync(bench, (string)client["client_id"]!, (string)client["client_secret"]!);

        Assert.Equal((400, "unauthorized_client"), (refused.Status, (string?)refused.Json["error"]));
    }

    [Fact]
    public async Task A_token_ends_with_its_lifetime_and_with_the_credentials_of_its_client()
    {
        var time = new JumpingTime(TimeProvider.System.GetUtcNow());
        await using var bench = await ConnectBench.StartAsync(time, Clients());
        var first = (string)(await TokenAsync(bench)).Json["access_token"]!;
        Assert.Equal(200, (await bench.CallAsync(first)).Status);
        time.Jump(TimeSpan.FromMinutes(61));
        Assert.Equal(401, (await bench.CallAsync(first)).Status);

        var second = (string)(await TokenAsync(bench)).Json["access_token"]!;
        Assert.Equal(200, (await bench.CallAsync(second)).Status);
        var config = await File.ReadAllTextAsync(bench.Gateway.ConfigPath);
        await File.WriteAllTextAsync(
            bench.Gateway.ConfigPath, config.Replace(Secret, "another-secret-of-the-job", StringComparison.Ordinal));
        await Soon.TokenEndsAsync(async () => (await bench.CallAsync(second)).Status);
    }

    [Fact]
    public async Task A_paused_grant_is_paused_for_its_clients()
    {
        await using var bench = await ConnectBench.StartAsync(oauth: Clients());
        var token = (string)(await TokenAsync(bench)).Json["access_token"]!;

        await bench.AdminAsync("POST", "grants/other/pause");

        Assert.Equal(403, (await bench.CallAsync(token)).Status);
    }

    [Fact]
    public async Task The_metadata_names_the_grant_type_only_if_a_client_can_use_it()
    {
        await using var with = await ConnectBench.StartAsync(oauth: Clients());
        await using var without = await ConnectBench.StartAsync();

        Assert.Contains("client_credentials", await GrantTypesAsync(with));
        Assert.DoesNotContain("client_credentials", await GrantTypesAsync(without));

        static async Task<string> GrantTypesAsync(ConnectBench bench)
        {
            using var answer = await bench.Program.GetAsync("/.well-known/oauth-authorization-server");
            return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["grant_types_supported"]!.ToJsonString();
        }
    }

    [Fact]
    public async Task The_token_cannot_be_revoked_alone()
    {
        await using var bench = await ConnectBench.StartAsync(oauth: Clients());
        var token = (string)(await TokenAsync(bench)).Json["access_token"]!;
        using var form = new FormUrlEncodedContent(
            [new("client_id", "nightly"), new("client_secret", Secret), new("token", token)]);

        using var answer = await bench.Program.PostAsync("/revoke", form);

        Assert.Contains("unsupported_token_type", await answer.Content.ReadAsStringAsync());
    }

    [NodeTheory]
    [InlineData(1, true, "/mcp/srv")]
    [InlineData(2, true, "/mcp")]
    [InlineData(1, false, "/mcp")]
    [InlineData(2, false, "/mcp/srv")]
    public async Task The_official_clients_sign_in_by_secret_and_by_key(int sdk, bool hasSecret, string path)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        await using var server = await SampleMcpServer.StartAsync(deadline.Token);
        await using var bench = await ConnectBench.StartAsync(
            server.Address.ToString(), Ports.Free(), Clients(), """{ "version": "1", "default": "allow" }""");
        var options = new JsonObject { ["sdk"] = sdk, ["id"] = hasSecret ? "nightly" : "signer" };
        if (hasSecret)
            options["secret"] = Secret;
        else
            (options["key"], options["alg"]) = (Key(isPrivate: true), "ES256");

        await using var client = NodeProcess.Start(
            "machine-client.js", new Uri(bench.Gateway.Address, path).ToString(), options.ToJsonString());

        var done = JsonNode.Parse(await client.ReadJsonLineAsync(deadline.Token))!;
        Assert.Equal((8, "mcp"), ((int)done["tools"]!, (string?)done["scope"]));
    }

    private static Task<(int Status, JsonNode Json)> TokenAsync(
        ConnectBench bench, string id = "nightly", string? secret = Secret, string? resource = ConnectBench.Resource) =>
        bench.TokenAsync(
            ("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret),
            ("resource", resource));

    private string Clients() => $$"""
        , "clients": {
            "nightly": { "secret": "{{Secret}}", "grant": "other" },
            "without": { "secret": "{{Secret}}" },
            "old": { "secret": "{{Secret}}", "grant": "old" },
            "signer": { "jwks": { "keys": [{{Key(isPrivate: false).ToJsonString()}}] }, "grant": "other" }
          }
        """;

    private JsonObject Key(bool isPrivate)
    {
        var ec = _key.ExportParameters(isPrivate);
        var json = new JsonObject
        {
            ["kty"] = "EC",
            ["crv"] = "P-256",
            ["x"] = Base64Url.EncodeToString(ec.Q.X),
            ["y"] = Base64Url.EncodeToString(ec.Q.Y),
        };
        if (isPrivate)
            json["d"] = Base64Url.EncodeToString(ec.D);
        return json;
    }
}
