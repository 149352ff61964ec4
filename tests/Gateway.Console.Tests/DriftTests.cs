using static Microsoft.Playwright.Assertions;

namespace Gateway.Console.Tests;

/// <summary>A server's tools change after they were accepted, and an operator sees how.</summary>
[Collection(SharedConsole.Name)]
public sealed class DriftTests(ConsoleBench bench)
{
    [BrowserFact]
    public async Task A_tool_that_changed_is_shown_with_what_was_and_what_is_accepted_with_a_reason_and_undone()
    {
        await RegisterAsync(HostileTools.Before);
        Assert.Empty(await DriftAsync());
        await RegisterAsync(HostileTools.After);
        await using var window = await bench.SignedInAsync();
        var page = window.Page;

        await window.GoAsync("servers/drifting");
        await page.GetByRole(AriaRole.Button, new() { Name = "Refresh now" }).ClickAsync();
        var schema = page.GetByRole(AriaRole.Region, new() { Name = "Changes at /inputSchema" });
        await Expect(schema).ToContainTextAsync("+ \"string\"");
        var words = page.GetByRole(AriaRole.Region, new() { Name = "Changes at /description" });
        await Expect(words.Locator(".gone")).ToContainTextAsync("Moves a parcel.");
        await Expect(words.Locator(".new")).ToContainTextAsync("Moves a parcel, to any house.");
        await Expect(page.GetByText("blocked by policies that pin tools")).ToBeVisibleAsync();
        Assert.Empty(await window.BarriersAsync());
        await window.GoAsync("overview");
        await page.GetByRole(AriaRole.Link, new() { Name = "of drifting changed since acceptance" }).First
            .ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Accept… move_parcel" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog, new() { Name = "Accept move_parcel" });
        await Expect(dialog.Locator(".gone").Last).ToContainTextAsync("Moves a parcel.");
        var accept = dialog.GetByRole(AriaRole.Button, new() { Name = "Accept tool" });
        await Expect(accept).ToBeDisabledAsync();
        await dialog.GetByLabel("Reason").FillAsync("release 4.2");
        Assert.Empty(await window.BarriersAsync());
        await window.PicturesAsync("accept-tool");
        await accept.ClickAsync();

        await Expect(page.GetByText("No changes", new() { Exact = true })).ToBeVisibleAsync();
        Assert.Empty(await DriftAsync());
        var undo = page.GetByRole(AriaRole.Button, new() { Name = "Undo: move_parcel is accepted." });
        await undo.FocusAsync();
        Assert.Empty(await window.BarriersAsync());
        await window.PicturesAsync("undo");
        await undo.PressAsync("Enter");

        await Expect(page.GetByRole(AriaRole.Status).GetByText("Undone.")).ToBeVisibleAsync();
        Assert.Single(await DriftAsync());
        Assert.Empty(window.Errors);
    }

    [BrowserFact]
    public async Task A_server_that_does_not_respond_has_its_error_once_on_its_page()
    {
        await bench.SendAsync("PUT", "servers/silent", new JsonObject { ["url"] = "http://127.0.0.1:9/mcp" });
        await using var window = await bench.SignedInAsync();

        await window.GoAsync("servers/silent");

        await Expect(window.Page.GetByText("Server did not respond")).ToHaveCountAsync(1);
        await Expect(window.Page.GetByRole(AriaRole.Button, new() { Name = "Try again" })).ToHaveCountAsync(1);
        // No call has failed, but the gateway knows already.
        await window.GoAsync("servers");
        await Expect(window.Page.GetByRole(AriaRole.Row, new() { Name = "silent" })).ToContainTextAsync(
            "tools not listed");
        Assert.Empty(window.ErrorsBut("502"));
    }

    [BrowserFact]
    public async Task Suspicious_instructions_and_prompts_are_shown()
    {
        await RegisterAsync(HostileTools.Poisoned, "poisoned");
        await using var window = await bench.SignedInAsync();
        var page = window.Page;

        await window.GoAsync("servers/poisoned");

        await Expect(page.GetByText("The instructions that the server sends to clients look suspicious."))
            .ToBeVisibleAsync();
        await Expect(page.Locator("ul.drift > li").Filter(new() { HasText = "summarize" })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Accept… summarize" })).ToBeVisibleAsync();
        await Expect(page.GetByText("It tells its reader to set other instructions aside.")).ToBeVisibleAsync();
        await Expect(page.GetByText("It tells its reader to keep something from the user.")).ToBeVisibleAsync();
        Assert.Empty(await window.BarriersAsync());
        Assert.Empty(window.Errors);
    }

    [BrowserFact]
    public async Task All_are_accepted_as_they_were_shown_and_not_as_they_became_meanwhile()
    {
        await RegisterAsync(HostileTools.Before, "moving");
        Assert.Empty(await DriftAsync("moving"));
        await RegisterAsync(HostileTools.After, "moving");
        await using var window = await bench.SignedInAsync();
        var page = window.Page;
        await window.GoAsync("servers/moving");
        await page.GetByRole(AriaRole.Button, new() { Name = "Refresh now" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Accept all…" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog, new() { Name = "Accept all changes" });
        await Expect(dialog).ToContainTextAsync("move_parcel");
        Assert.Empty(await window.BarriersAsync());

        // The server changes its tools once more while the operator looks at these.
        await RegisterAsync(HostileTools.More, "moving");
        await bench.ReadAsync("catalogue/moving/drift?refresh=true");
        await dialog.GetByLabel("Reason").FillAsync("reviewed");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Accept 1 tool" }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        Assert.Equal(2, (await DriftAsync("moving")).Count);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Refresh now" }).ClickAsync();
        await Expect(page.GetByText("burn_parcel").First).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Accept all…" }).ClickAsync();
        await dialog.GetByLabel("Reason").FillAsync("reviewed");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Accept 2 tools" }).ClickAsync();

        await Expect(page.GetByText("No changes", new() { Exact = true })).ToBeVisibleAsync();
        Assert.Empty(await DriftAsync("moving"));
    }

    [BrowserFact]
    public async Task A_search_follows_the_address_and_the_way_back()
    {
        await RegisterAsync(HostileTools.Before, "searched");
        await bench.ReadAsync("catalogue/searched/drift?refresh=true");
        await using var window = await bench.SignedInAsync();
        var field = window.Page.GetByRole(AriaRole.Searchbox, new() { Name = "Search" });
        await window.GoAsync("catalogue");
        await Expect(field).ToHaveValueAsync("");

        await window.GoAsync("catalogue?q=parcel");
        await Expect(field).ToHaveValueAsync("parcel");
        await field.FillAsync("move_par");
        await Expect(window.Page).ToHaveURLAsync(new Regex("q=move_par"));
        await Expect(field).ToHaveValueAsync("move_par");
        await window.GoAsync("catalogue?server=searched");

        await Expect(field).ToHaveValueAsync("");
        await Expect(window.Page.GetByText("gateway tools list --server searched")).ToBeAttachedAsync();
        Assert.Empty(await window.BarriersAsync());
    }

    [BrowserFact]
    public async Task A_search_shows_which_tools_have_an_app()
    {
        await RegisterAsync(HostileTools.App, "charts");
        await bench.ReadAsync("catalogue/charts/drift?refresh=true");
        await using var window = await bench.SignedInAsync();
        foreach (var view in (string[])["", "&view=servers"])
        {
            await window.GoAsync("catalogue?q=parcels" + view);

            await Expect(window.Page.GetByText("chart_parcels")).ToBeVisibleAsync();
            await Expect(window.Page.GetByText("list_parcels")).ToBeVisibleAsync();
            await Expect(window.Page.GetByText("app", new() { Exact = true })).ToHaveCountAsync(1);
        }

        Assert.Empty(window.Errors);
    }

    [BrowserFact]
    public async Task Public_servers_that_can_do_something_are_shown_with_counts_that_narrow_the_search()
    {
        await RegisterAsync(HostileTools.Before, "searched");
        await using var window = await bench.SignedInAsync();
        var page = window.Page;
        await window.GoAsync("catalogue?q=refund&of=public");
        var tools = page.GetByRole(AriaRole.Region, new() { Name = "Tools" });

        await Expect(tools.GetByText("payment_intent: string").First).ToBeVisibleAsync();
        await Expect(tools.GetByText("Budget, approval of large amounts").First).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Combobox, new() { Name = "Show" }).SelectOptionAsync("By server");
        var servers = page.GetByRole(AriaRole.Region, new() { Name = "Servers" });
        await Expect(servers.GetByText("npm:@stripe/mcp")).ToBeVisibleAsync();
        await Expect(page.GetByText("gateway catalogue search refund --of public --servers")).ToBeAttachedAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Http", Exact = true }).ClickAsync();

        await Expect(servers.GetByText("npm:@stripe/mcp")).ToHaveCountAsync(0);
        await Expect(page.GetByRole(AriaRole.Combobox, new() { Name = "Transport" })).ToHaveValueAsync("Http");
        Assert.Empty(await window.BarriersAsync());
        Assert.Empty(window.Errors);
    }

    [BrowserFact]
    public async Task Of_many_tools_that_changed_fifty_are_drawn_and_the_others_when_they_are_wanted()
    {
        await RegisterAsync(HostileTools.Before, "crowded");
        Assert.Empty(await DriftAsync("crowded"));
        await RegisterAsync(HostileTools.Many, "crowded");
        await using var window = await bench.SignedInAsync();
        var page = window.Page;
        await window.GoAsync("servers/crowded");
        await page.GetByRole(AriaRole.Button, new() { Name = "Refresh now" }).ClickAsync();

        await Expect(page.Locator("ul.drift > li")).ToHaveCountAsync(50);
        await Expect(page.GetByText("Showing 50 of 2,000.").First).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Show 50 more" }).First.ClickAsync();
        await Expect(page.Locator("ul.drift > li")).ToHaveCountAsync(100);
        Assert.Empty(window.Errors);
    }

    private Task RegisterAsync(string place, string name = "drifting") => bench.SendAsync(
        "PUT", $"servers/{name}", new JsonObject { ["url"] = bench.ServerUrl + place });

    private async Task<JsonArray> DriftAsync(string name = "drifting") =>
        JsonNode.Parse(await bench.ReadAsync($"catalogue/{name}/drift"))!["tools"]!.AsArray();
}
