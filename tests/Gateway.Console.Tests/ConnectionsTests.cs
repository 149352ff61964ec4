using Gateway.Control.Documents;
using Gateway.Proxy.Delegation;
using Microsoft.Extensions.DependencyInjection;
using static Microsoft.Playwright.Assertions;

namespace Gateway.Console.Tests;

/// <summary>The callers who have connected an account to a server, on the server's page.</summary>
public sealed class ConnectionsTests
{
    [BrowserFact]
    public async Task Connected_callers_are_listed_tested_and_revoked()
    {
        await using var own = new OwnBench
        {
            Bench = new ConsoleBench
            {
                Configuration = """
                    { "servers": { "wiki": { "url": "http://127.0.0.1:9/mcp", "auth": "oauth" } },
                      "oauth": { "issuer": "http://localhost:9413" } }
                    """,
            },
        };
        await own.Bench.InitializeAsync();
        await StoreAsync(own.Bench, "a1", "ana", null);
        await StoreAsync(own.Bench, "b2", "ben", "the authorization server ended it (invalid_grant)");
        await using var window = await own.Bench.SignedInAsync();
        var page = window.Page;

        await window.GoAsync("servers/wiki");

        var card = page.Locator(".card").Filter(new() { HasText = "Connected callers" });
        await Expect(card.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(2);
        await Expect(card).ToContainTextAsync("invalid_grant");
        await window.PicturesAsync("connections");
        Assert.Empty(await window.BarriersAsync());
        await card.GetByRole(AriaRole.Button, new() { Name = "Test ana" }).ClickAsync();
        await Expect(card.GetByRole(AriaRole.Alert)).ToContainTextAsync("cannot be decrypted");
        await card.GetByRole(AriaRole.Button, new() { Name = "Revoke ana" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog, new() { Name = "Revoke connection" });
        await dialog.GetByRole(AriaRole.Textbox).FillAsync("ana");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Revoke connection", Exact = true }).ClickAsync();
        await Expect(card.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(1);
        Assert.Single(JsonNode.Parse(await own.Bench.ReadAsync("connections"))!["items"]!.AsArray());
        Assert.Empty(window.Errors);
    }

    private static async Task StoreAsync(ConsoleBench bench, string name, string subject, string? problem)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(
            new CallerConnection
            {
                Server = "wiki",
                Grant = "support",
                Issuer = "https://login.example.com",
                Subject = subject,
                ConnectedBy = subject,
                Connected = TimeProvider.System.GetUtcNow().AddHours(-2),
                AuthorizationServer = "https://login.wiki.example.com",
                Problem = problem,
            },
            JsonSerializerOptions.Web);
        await bench.Services.GetRequiredService<IControlStore>().WriteAsync(
            new ControlKey(ControlKinds.CallerConnections, name), 0, content, CancellationToken.None);
    }
}
