using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gateway.Control.Documents;
using Gateway.Control.Secrets;
using Gateway.Server.Tests.Callers;
using Gateway.Server.Tests.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Gateway.Server.Tests.Credentials;

/// <summary>
/// The gateway's accounts that have a private key, at an authorization server that verifies it: <c>oidc-provider</c>
/// with an official MCP server.
/// </summary>
public sealed class SignedClientTests
{
    [NodeFact]
    public async Task A_certified_provider_accepts_each_algorithm_and_a_key_that_replaced_another()
    {
        using RSA rsa = RSA.Create(2048), other = RSA.Create(2048);
        using var small = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var large = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        await using var node = NodeProcess.Start(
            "connected-server.js", "http://localhost:9412/connections/callback", "3600",
            Keys((rsa, "r1"), (small, "e1"), (large, "e2")));
        using var deadline = new CancellationTokenSource(Soon.AtMost);
        var place = JsonNode.Parse(await node.ReadJsonLineAsync(deadline.Token))!;
        await using var bench = await AdminBench.StartAsync();
        var token = await ProvideAsync(bench, place, rsa.ExportPkcs8PrivateKeyPem(), "r1");

        Assert.Contains("signing-client", await CallAsync(bench, token));
        (AsymmetricAlgorithm Key, string Id, string? Algorithm)[] later =
            [(rsa, "r1", "PS256"), (small, "e1", null), (large, "e2", "ES384")];
        foreach (var (key, id, algorithm) in later)
        {
            var account = new JsonObject { ["privateKey"] = key.ExportPkcs8PrivateKeyPem(), ["keyId"] = id };
            if (algorithm is not null)
                account["algorithm"] = algorithm;
            var changed = await bench.SendAsync(
                "PATCH", "servers/crm", new JsonObject { ["oauth"] = account }, "*");
            Assert.Equal((200, id, algorithm), (
                changed.Status, (string?)changed.Json!["oauth"]!["keyId"],
                (string?)changed.Json["oauth"]!["algorithm"]));
            Assert.Contains("signing-client", await CallAsync(bench, token));
        }

        // A key that the provider does not know, with the id of one that it knows.
        await bench.SendAsync("PATCH", "servers/crm", new JsonObject
        {
            ["oauth"] = new JsonObject { ["privateKey"] = other.ExportPkcs8PrivateKeyPem(), ["keyId"] = "r1" },
        }, "*");
        Assert.Contains(
            "client and its signature (HTTP 401, invalid_client)", await CallAsync(bench, token));
    }

    [NodeFact]
    public async Task A_caller_connects_and_renews_with_a_client_that_signs()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var time = new JumpingTime(TimeProvider.System.GetUtcNow());
        var account = new JsonObject
        {
            ["clientId"] = "signing-client",
            ["privateKey"] = key.ExportPkcs8PrivateKeyPem(),
        };
        await using var bench = await ConnectionBench.StartAsync(30, time, (account.ToJsonString(), Keys((key, "e1"))));
        var ana = await bench.TokenOfAsync("ana");
        using var browser = ConnectionBench.NewBrowser("ana@crm");
        await bench.ConnectAsync(browser, await bench.LinkAsync(ana), "ana");

        Assert.Equal("ana@crm", await bench.CallAsync(ana));
        // The clocks of the two differ by no more than an assertion allows for.
        time.Jump(TimeSpan.FromSeconds(26));
        Assert.Equal("ana@crm", await bench.CallAsync(ana));
        Assert.Equal(1, await bench.RefreshesAsync());
    }

    [NodeFact]
    public async Task On_behalf_of_sends_the_assertion_that_Microsoft_Entra_expects()
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest(
            "CN=gateway", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        await using var entra = await TokenIssuer.StartAsync("private_key_jwt");
        await using var bench = await CallerBench.StartAsync(crm: $", \"oauth\": {new JsonObject
        {
            ["clientId"] = "gateway",
            ["privateKey"] = $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}",
            ["algorithm"] = "PS256",
            ["assertionAudience"] = "token_endpoint",
            ["issuer"] = entra.Issuer,
            ["exchange"] = "on_behalf_of",
            ["scope"] = "api://crm/.default",
        }.ToJsonString()}");

        await bench.StatusAsync(await bench.TokenAsync("ana", "agents"));

        var form = Assert.Single(entra.Forms);
        Assert.Equal(
            ["assertion", "client_assertion", "client_assertion_type", "client_id", "grant_type", "requested_token_use",
                "scope"],
            form.Keys.Order());
        var assertion = new JsonWebToken(form["client_assertion"]);
        Assert.Equal(("PS256", "JWT"), (assertion.Alg, assertion.Typ));
        Assert.Equal(
            Base64UrlEncoder.Encode(SHA256.HashData(certificate.RawData)),
            assertion.GetHeaderValue<string>("x5t#S256"));
        Assert.Equal(TimeSpan.FromSeconds(90), assertion.ValidTo - assertion.IssuedAt);
        var verified = await new JsonWebTokenHandler().ValidateTokenAsync(
            form["client_assertion"], new TokenValidationParameters
            {
                IssuerSigningKey = new RsaSecurityKey(key),
                ValidIssuer = "gateway",
                ValidAudience = $"{entra.Issuer}/token",
            });
        Assert.True(verified.IsValid, verified.Exception?.ToString());
        Assert.Equal("gateway", verified.Claims["sub"]);
    }

    [Fact]
    public async Task A_stored_key_is_sealed_where_the_previous_release_finds_no_secret()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var bench = await AdminBench.StartAsync();
        var editor = await bench.KeyOfAsync("ed", "editor");
        var body = new JsonObject
        {
            ["url"] = "http://127.0.0.1:1/mcp",
            ["oauth"] = new JsonObject { ["clientId"] = "gw", ["privateKey"] = key.ExportPkcs8PrivateKeyPem() },
        };
        Assert.Equal(201, (await bench.SendAsync("PUT", "servers/crm", body)).Status);

        var shown = await bench.SendAsync("GET", "servers/crm");
        var stored = (await Stored(bench))["oauth"]!;
        var kept = await bench.SendAsync(
            "PATCH", "servers/crm", new JsonObject { ["oauth"] = new JsonObject { ["scope"] = "a" } }, "*");
        var removed = await bench.SendAsync(
            "PATCH", "servers/crm", new JsonObject { ["oauth"] = new JsonObject { ["privateKey"] = null } }, "*");
        var moved = await bench.SendAsync(
            "PATCH", "servers/crm", new JsonObject { ["url"] = "http://127.0.0.1:2/mcp" }, "*", editor);
        var replaced = await bench.SendAsync(
            "PATCH", "servers/crm", new JsonObject { ["oauth"] = new JsonObject { ["clientSecret"] = "s" } }, "*");

        Assert.Equal(true, (bool?)shown.Json!["oauth"]!["hasPrivateKey"]);
        Assert.DoesNotContain("PRIVATE", shown.Json.ToJsonString());
        Assert.Equal("", (string?)stored["sealedSecret"]);
        Assert.True(bench.Host.Services.GetRequiredService<SecretProtector>()
            .TryOpen((string)stored["sealedKey"]!, out var opened));
        Assert.Equal(key.ExportPkcs8PrivateKeyPem(), opened);
        Assert.Equal((200, true), (kept.Status, (bool?)kept.Json!["oauth"]!["hasPrivateKey"]));
        Assert.Equal(400, removed.Status);
        Assert.Equal("OAuth private key", (string?)moved.Json!["detachedCredentials"]![0]);
        Assert.Equal((200, null, null), (
            replaced.Status, replaced.Json!["detachedCredentials"], replaced.Json["oauth"]!["hasPrivateKey"]));
    }

    private static async Task<string> ProvideAsync(AdminBench bench, JsonNode place, string key, string id)
    {
        var file = Path.Combine(bench.Folder, "client.pem");
        await File.WriteAllTextAsync(file, key);
        var cli = new Cli(bench.Folder, new Uri(bench.Host.Addresses[0]), bench.AdminKey);
        var added = await cli.RunAsync(
            "server", "add", "crm", (string)place["url"]!, "--oauth-client-id", "signing-client",
            "--oauth-private-key", file, "--oauth-key-id", id);
        Assert.True(added.ExitCode == 0, added.Errors);
        await bench.SendAsync("PUT", "policies/limited", JsonNode.Parse("""{ "version": "1", "default": "allow" }"""));
        return (string)(await bench.SendAsync("POST", "grants", AdminBench.GrantBody("bot"))).Json!["token"]!;
    }

    private static async Task<string> CallAsync(AdminBench bench, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(new(bench.Host.Addresses[0]), "/mcp/crm"))
        {
            Content = new StringContent(
                ConnectionBench.Call("whoami"), Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
        };
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        using var client = new HttpClient();
        using var response = await client.SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }

    private static async Task<JsonNode> Stored(AdminBench bench)
    {
        var snapshot = await bench.Host.Services.GetRequiredService<IControlStore>().ReadAsync(default);
        return JsonNode.Parse(snapshot.Find(new ControlKey(ControlKinds.Servers, "crm"))!.Content.Span)!;
    }

    private static string Keys(params (AsymmetricAlgorithm Key, string Id)[] keys) => new JsonObject
    {
        ["keys"] = new JsonArray([.. keys.Select(static one =>
        {
            SecurityKey key = one.Key is RSA rsa ? new RsaSecurityKey(rsa.ExportParameters(false))
                : new ECDsaSecurityKey(ECDsa.Create(((ECDsa)one.Key).ExportParameters(false)));
            var jwk = JsonWebKeyConverter.ConvertFromSecurityKey(key);
            return (JsonNode)(one.Key is RSA
                ? new JsonObject { ["kty"] = "RSA", ["n"] = jwk.N, ["e"] = jwk.E, ["kid"] = one.Id }
                : new JsonObject
                {
                    ["kty"] = "EC",
                    ["crv"] = jwk.Crv,
                    ["x"] = jwk.X,
                    ["y"] = jwk.Y,
                    ["kid"] = one.Id,
                });
        })]),
    }.ToJsonString();
}
