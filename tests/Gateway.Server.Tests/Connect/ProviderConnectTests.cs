using System.Web;

namespace Gateway.Server.Tests.Connect;

/// <summary>Operators who sign in with a provider to allow a client.</summary>
public sealed class ProviderConnectTests
{
    [NodeFact]
    public async Task Who_signs_in_with_a_provider_comes_back_to_what_the_client_asks()
    {
        await using var provider = await CompanyProvider.StartAsync();
        await provider.SetPersonAsync("s-1", "mia", "people");
        await using var bench = await ConnectBench.StartAsync(oauth: $$"""
            }, "admin": { "providers": { "company": {
              "issuer": "{{provider.Issuer}}", "clientId": "{{OpenIdProvider.ClientId}}",
              "clientSecret": "{{OpenIdProvider.ClientSecret}}", "displayName": "Company <login>",
              "roles": { "people": ["editor"] } } }
            """);
        var question = ConnectBench.Question(await bench.RegisterAsync(), new Pkce());
        using var browser = bench.NewBrowser();

        var page = await ConnectBench.PageAsync(browser, question);
        Assert.Contains("Company &lt;login&gt;", page.Html, StringComparison.Ordinal);
        var link = HttpUtility.HtmlDecode(Regex.Match(page.Html, "href=\"(/sign-in/company[^\"]*)\"").Groups[1].Value);
        var begun = await ConnectBench.PageAsync(browser, link);
        Assert.Equal(303, begun.Status);
        var back = new Uri(await CompanyProvider.ReturnAsync(begun.Location!.AbsoluteUri));
        Assert.StartsWith(
            $"{ConnectBench.Issuer}/sign-in/company/callback?", back.AbsoluteUri, StringComparison.Ordinal);
        using var other = bench.NewBrowser();
        Assert.Equal(400, (await ConnectBench.PageAsync(other, back.PathAndQuery)).Status);
        var end = await ConnectBench.PageAsync(browser, back.PathAndQuery);

        Assert.Equal((303, question), (end.Status, end.Location!.OriginalString));
        var consent = await ConnectBench.PageAsync(browser, question);
        Assert.Contains("mia", consent.Html, StringComparison.Ordinal);
        Assert.Contains("Test Client", consent.Html, StringComparison.Ordinal);
    }
}
