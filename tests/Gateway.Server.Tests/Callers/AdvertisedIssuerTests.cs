using System.Web;
using Gateway.Server.Tests.Connections;
using ModelContextProtocol.Authentication;

namespace Gateway.Server.Tests.Callers;

/// <summary>
/// The official clients at a gateway that advertises the company's issuer, a certified provider (<c>oidc-provider</c>):
/// they find the issuer, register there, and call with its token. The metadata names no scope, and this issuer
/// needs one, so the clients' users set it.
/// </summary>
public sealed class AdvertisedIssuerTests : IAsyncLifetime, IDisposable
{
    private const string Callback = "http://127.0.0.1:8976/callback";
    private const string Person = "ana@corp.example";
    private const int Tools = 8;
    private readonly CancellationTokenSource _deadline = new(TimeSpan.FromMinutes(3));
    private readonly HttpClient _browser = ConnectionBench.NewBrowser(Person);
    private NodeProcess _provider = null!;
    private SampleMcpServer _shop = null!;
    private CallerBench _bench = null!;

    public async Task InitializeAsync()
    {
        if (NodePackages.Missing is not null)
            return;
        _provider = NodeProcess.Start("connected-server.js", Callback, "3600");
        var issuer = (string)JsonNode.Parse(await _provider.ReadJsonLineAsync(_deadline.Token))!["issuer"]!;
        _shop = await SampleMcpServer.StartAsync(_deadline.Token);
        _bench = await CallerBench.StartAsync(
            audience: null, listen: $"http://127.0.0.1:{Ports.Free()}",
            issuer: $$"""
                }, "company": { "issuer": "{{issuer}}", "advertise": true, "scopes": ["openid", "offline_access"]
                """,
            servers: $$""" "shop": { "url": "{{_shop.Address}}" }, """,
            grants: """
                "people": { "servers": { "shop": "policy" }, "order": 5, "match": { "issuer": "company" } },
                """);
    }

    public async Task DisposeAsync()
    {
        if (_bench is null)
            return;
        await _bench.DisposeAsync();
        await _shop.DisposeAsync();
        await _provider.DisposeAsync();
    }

    public void Dispose()
    {
        _browser.Dispose();
        _deadline.Dispose();
    }

    [NodeTheory]
    [InlineData("/mcp/shop")]
    [InlineData("/mcp")]
    public async Task The_TypeScript_client_finds_the_issuer_signs_in_calls_and_refreshes_by_itself(string path)
    {
        var address = new Uri(_bench.Address, path).AbsoluteUri;
        await using var client = NodeProcess.Start("oauth-client.js", address);
        var asked = (string)JsonNode.Parse(await client.ReadJsonLineAsync(_deadline.Token))!["authorize"]!;
        Assert.Equal(address, HttpUtility.ParseQueryString(new Uri(asked).Query)["resource"]);

        var back = await ConnectionBench.LeaveAsync(_browser, asked, Callback);
        await client.WriteLineAsync(back.Query);

        var done = JsonNode.Parse(await client.ReadJsonLineAsync(_deadline.Token))!;
        Assert.Equal((Tools, Tools, true), ((int)done["tools"]!, (int)done["again"]!, (bool)done["renewed"]!));
        AssertCaller();
    }

    [NodeTheory]
    [InlineData("/mcp/shop")]
    [InlineData("/mcp")]
    public async Task The_CSharp_client_finds_the_issuer_signs_in_and_calls_by_itself(string path)
    {
        await using var client = await McpClient.CreateAsync(
            new HttpClientTransport(new HttpClientTransportOptions
            {
                Endpoint = new Uri(_bench.Address, path),
                TransportMode = HttpTransportMode.StreamableHttp,
                OAuth = new ClientOAuthOptions
                {
                    RedirectUri = new Uri(Callback),
                    DynamicClientRegistration = new() { ClientName = "C# client" },
                    AuthorizationCallbackHandler = async (context, _) =>
                    {
                        var back = await ConnectionBench.LeaveAsync(
                            _browser, context.AuthorizationUri.AbsoluteUri, Callback);
                        var answer = HttpUtility.ParseQueryString(back.Query);
                        return new AuthorizationResult
                        {
                            Code = answer["code"]!,
                            State = answer["state"],
                            Iss = answer["iss"],
                        };
                    },
                },
            }),
            cancellationToken: _deadline.Token);

        Assert.Equal(Tools, (await client.ListToolsAsync(cancellationToken: _deadline.Token)).Count);
        AssertCaller();
    }

    private void AssertCaller() => Assert.Contains(_bench.Records(), static record =>
        record.TryGetProperty("caller", out var caller) && caller.GetString() == Person
        && record.GetProperty("callerIssuer").GetString() == "company"
        && record.GetProperty("grant").GetString() == "people");
}
