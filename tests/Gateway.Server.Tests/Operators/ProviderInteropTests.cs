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
        await using var provider = await CompanyProvider.StartAsync(algorithm);
        await provider.SetPersonAsync("s-1", "ana", "admins");
        var time = new JumpingTime(TimeProvider.System.GetUtcNow());
        await using var bench = await AdminBench.StartAsync(
            $$"""
            { "admin": { "providers": { "company": { "issuer": "{{provider.Issuer}}",
              "clientId": "gateway", "clientSecret": "the-secret-of-the-gateway",
              "roles": { "admins": ["admin"] } } } } }
            """, time);

        Assert.Equal(expected, await SignInAsync(bench));
        await provider.RotateAsync();
        time.Jump(TimeSpan.FromMinutes(1));
        Assert.Equal(expected, await SignInAsync(bench));

        var operators = (await bench.SendAsync("GET", "operators")).Json!["items"]!.AsArray();
        Assert.Equal(expected == 303 ? ["ana"] : [], operators.Select(static one => (string?)one!["name"]));
    }

    private static async Task<int> SignInAsync(AdminBench bench)
    {
        using var browser = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
        {
            BaseAddress = new Uri(bench.Host.Addresses[0]),
        };
        using var begun = await browser.GetAsync(Start);
        Assert.Equal(HttpStatusCode.SeeOther, begun.StatusCode);
        using var end = await browser.GetAsync(
            new Uri(await CompanyProvider.ReturnAsync(begun.Headers.Location!.AbsoluteUri)).PathAndQuery);
        return (int)end.StatusCode;
    }
}
