using static Microsoft.Playwright.Assertions;

namespace Gateway.Console.Tests;

/// <summary>The page <c>/reference</c>, which shows the OpenAPI document of the admin API.</summary>
[Collection(SharedConsole.Name)]
public sealed class ApiReferencePageTests(ConsoleBench bench)
{
    [BrowserFact]
    public async Task Reference_shows_the_admin_API_and_loads_nothing_from_other_hosts()
    {
        await using var window = await bench.OpenAsync();
        var loaded = new ConcurrentQueue<string>();
        window.Page.Request += (_, request) => loaded.Enqueue(request.Url);

        var response = await window.Page.GotoAsync(new Uri(bench.Address, "/reference").AbsoluteUri);

        await Expect(window.Heading.First).ToHaveTextAsync("Policy Gateway admin API");
        await Expect(window.Page.GetByText("grants").First).ToBeVisibleAsync();
        Assert.Contains("script-src 'nonce-", await response!.HeaderValueAsync("content-security-policy"));
        Assert.Contains(loaded, static url => url.EndsWith("/openapi/v1.json", StringComparison.Ordinal));
        Assert.All(loaded, url => Assert.StartsWith(bench.Address.AbsoluteUri, url, StringComparison.Ordinal));
        Assert.Empty(window.Errors);
    }
}
