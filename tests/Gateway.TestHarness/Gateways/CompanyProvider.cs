using Gateway.TestHarness.Node;

namespace Gateway.TestHarness.Gateways;

/// <summary>
/// A company's certified OpenID Connect provider from npm (<c>oidc-provider</c>), at which people sign in. For what no
/// certified provider sends, there is <see cref="OpenIdProvider"/>.
/// </summary>
public sealed class CompanyProvider : IAsyncDisposable
{
    private readonly NodeProcess _node;
    private readonly SemaphoreSlim _turn = new(1, 1);

    private CompanyProvider(NodeProcess node, string issuer) => (_node, Issuer) = (node, issuer);

    /// <summary>The issuer identifier.</summary>
    public string Issuer { get; }

    /// <param name="algorithm">The algorithm of ID tokens.</param>
    /// <param name="isPairwise">True if subjects differ by client.</param>
    public static async Task<CompanyProvider> StartAsync(string algorithm = "RS256", bool isPairwise = false)
    {
        using var deadline = new CancellationTokenSource(Soon.AtMost);
        var node = NodeProcess.Start("openid-provider.js", algorithm, isPairwise ? "pairwise" : "");
        var started = JsonNode.Parse(await node.ReadJsonLineAsync(deadline.Token))!;
        return new CompanyProvider(node, (string)started["issuer"]!);
    }

    /// <summary>Sets the person who signs in from now on.</summary>
    public Task SetPersonAsync(string subject, string name, params string[] groups) =>
        SendAsync(new JsonObject { ["person"] = OpenIdProvider.Somebody(subject, name, groups) });

    /// <summary>Returns an access token of RFC 9068 for the audience <c>gateway</c>.</summary>
    public async Task<string> TokenAsync(string subject, params string[] groups)
    {
        var reply = await SendAsync(new JsonObject
        {
            ["token"] = new JsonObject
            {
                ["sub"] = subject,
                ["groups"] = new JsonArray([.. groups.Select(static group => (JsonNode)group)]),
            },
        });
        return (string)reply["token"]!;
    }

    /// <summary>Signs with a new key from now on, and publishes only that one.</summary>
    public Task RotateAsync() => SendAsync(new JsonObject { ["rotate"] = true });

    /// <summary>
    /// Follows a provider's pages from an address; returns the one to which it sends the browser back.
    /// </summary>
    public static async Task<string> ReturnAsync(string location)
    {
        using var browser = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
        var provider = new Uri(location).Authority;
        var at = new Uri(location);
        for (var steps = 0; at.Authority == provider; steps++)
        {
            using var page = await browser.GetAsync(at);
            Assert.True(
                steps < 10 && page.Headers.Location is not null, await page.Content.ReadAsStringAsync());
            at = new Uri(at, page.Headers.Location);
        }

        return at.AbsoluteUri;
    }

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        _turn.Dispose();
    }

    private async Task<JsonNode> SendAsync(JsonObject command)
    {
        using var deadline = new CancellationTokenSource(Soon.AtMost);
        await _turn.WaitAsync(deadline.Token);
        try
        {
            await _node.WriteLineAsync(command.ToJsonString());
            return JsonNode.Parse(await _node.ReadJsonLineAsync(deadline.Token))!;
        }
        finally
        {
            _turn.Release();
        }
    }
}
