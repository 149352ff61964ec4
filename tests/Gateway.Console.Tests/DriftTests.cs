using static Microsoft.Playwright.Assertions;

namespace Gateway.Console.Tests;

/// <summary>A server's tools change after they were accepted, and an operator sees how.</summary>
[Collection(SharedConsole.Name)]
public sealed class DriftTests(ConsoleBench bench)
{
    [BrowserFact]
    public async Task A_tool_that_changed_is_shown_with_what_was_and_what_is_and_accepted_with_one_click()
    {
        await RegisterAsync(HostileTools.Before);
        Assert.Empty(await DriftAsync());
        await RegisterAsync(HostileTools.After);
        await using var window = await bench.SignedInAsync();
        var page = window.Page;

        await window.GoAsync("servers/drifting");
        await page.GetByRole(AriaRole.Button, new() { Name = "Ask it now" }).ClickAsync();
        var schema = page.GetByRole(AriaRole.Region, new() { Name = "What changed at /inputSchema" });
        await Expect(schema).ToContainTextAsync("+ \"string\"");
        var words = page.GetByRole(AriaRole.Region, new() { Name = "What changed at /description" });
        await Expect(words.Locator(".gone")).ToContainTextAsync("Moves a parcel.");
        await Expect(words.Locator(".new")).ToContainTextAsync("Moves a parcel, to any house.");
        await Expect(page.GetByText("refused where a policy pins")).ToBeVisibleAsync();
        Assert.Empty(await window.BarriersAsync());
        await page.GetByRole(AriaRole.Button, new() { Name = "Accept move_parcel" }).ClickAsync();

        await Expect(page.GetByText("As accepted", new() { Exact = true })).ToBeVisibleAsync();
        Assert.Empty(await DriftAsync());
        Assert.Empty(window.Errors);
    }

    private Task RegisterAsync(string place) => bench.SendAsync(
        "PUT", "servers/drifting", new JsonObject { ["url"] = bench.ServerUrl + place });

    private async Task<JsonArray> DriftAsync() =>
        JsonNode.Parse(await bench.ReadAsync("catalogue/drifting/drift"))!["tools"]!.AsArray();
}
