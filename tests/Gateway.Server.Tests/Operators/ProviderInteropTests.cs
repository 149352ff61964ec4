namespace Gateway.Server.Tests.Operators;

/// <summary>Operators who sign in with a certified provider from npm (<c>oidc-provider</c>).</summary>
public sealed class ProviderInteropTests
{
    private const string Start = "/api/v1/session/providers/company";

    [NodeTheory]
    [InlineData("RS256", 303)]
    [InlineData("PS256", 303)]
    [InlineData("ES256", 303)]
    [InlineData("HS256", 502)]
    public async Task Sign_in_validates_the_signature_also_after_a_key_rotation(string algorithm, int expected)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        await using var provider = NodeProcess.Start("openid-provider.js", algorithm);
        var issuer = new Uri((string)JsonNode.Parse(await provider.ReadJsonLineAsync(deadline.Token))!["issuer"]!);
        var time = new JumpingTime(TimeProvider.System.GetUtcNow());
        await using var bench = await AdminBench.StartAsync(
            $$"""
            { "admin": { "providers": { "company": { "issuer": "{{issuer.GetLeftPart(UriPartial.Authority)}}",
              "clientId": "gateway", "clientSecret": "the-secret-of-the-gateway",
              "roles": { "admins": ["admin"] } } } } }
            """, time);

        Assert.Equal(expected, await SignInAsync(bench, issuer));
        await provider.WriteLineAsync("rotate");
        await provider.ReadJsonLineAsync(deadline.Token);
        time.Jump(TimeSpan.FromMinutes(1));
        Assert.Equal(expected, await SignInAsync(bench, issuer));

        var operators = (await bench.SendAsync("GET", "operators")).Json!["items"]!.AsArray();
        Assert.Equal(expected == 303 ? ["ana"] : [], operators.Select(static one => (string?)one!["name"]));
    }

    private static async Task<int> SignInAsync(AdminBench bench, Uri issuer)
    {
        using var browser = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
        {
            BaseAddress = new Uri(bench.Host.Addresses[0]),
        };
        using var begun = await browser.GetAsync(Start);
        Assert.Equal(HttpStatusCode.SeeOther, begun.StatusCode);
        var next = begun.Headers.Location!;
        using var atProvider = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
        for (var step = 0; step < 10 && next.Port == issuer.Port; step++)
        {
            using var page = await atProvider.GetAsync(next);
            Assert.True(page.Headers.Location is not null, await page.Content.ReadAsStringAsync());
            next = new Uri(issuer, page.Headers.Location);
        }

        using var end = await browser.GetAsync(next.PathAndQuery);
        return (int)end.StatusCode;
    }
}
