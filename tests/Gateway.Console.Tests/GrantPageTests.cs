using static Microsoft.Playwright.Assertions;

namespace Gateway.Console.Tests;

/// <summary>Grants, named lists and policies, created, changed and removed in a browser.</summary>
[Collection(SharedConsole.Name)]
public sealed class GrantPageTests(ConsoleBench bench)
{
    [BrowserFact]
    public async Task A_grant_is_made_paused_resumed_rotated_and_revoked()
    {
        await bench.ProvideAsync("given");
        await using var window = await bench.SignedInAsync();
        var page = window.Page;
        await window.GoAsync("grants");
        await ClickAsync(page, "Create grant");
        var create = page.GetByRole(AriaRole.Dialog);
        await create.GetByLabel("Name").FillAsync("given-new");
        await create.GetByRole(AriaRole.Checkbox, new() { Name = "given", Exact = true }).CheckAsync();
        await create.GetByLabel("Policy for given").SelectOptionAsync("given");
        await create.GetByLabel("Description").FillAsync("made in a browser");
        var labels = create.GetByLabel("Labels, one KEY=VALUE per line");
        await labels.FillAsync("team");
        await create.GetByRole(AriaRole.Button, new() { Name = "Create" }).ClickAsync();
        await Expect(create.GetByText("\"team\" is incomplete. Write KEY=VALUE.")).ToBeVisibleAsync();
        await labels.FillAsync("team=support\nenv=prod");
        await create.GetByRole(AriaRole.Button, new() { Name = "Create" }).ClickAsync();
        var token = await TokenAsync(page);
        await Expect(window.Heading).ToHaveTextAsync("given-new");
        await Expect(page.GetByText("made in a browser")).ToBeVisibleAsync();
        await Expect(page.GetByText("team=support\nenv=prod")).ToBeVisibleAsync();
        Assert.Contains("\"result\"", await bench.CallAsync("given", token, "get_customer"));

        await ClickAsync(page, "Pause given-new");
        await ClickAsync(page, "Pause grant");
        await Expect(page.Locator(".page-head .badge")).ToHaveTextAsync("paused");
        Assert.DoesNotContain("\"result\"", await bench.CallAsync("given", token, "get_customer"));
        await ClickAsync(page, "Resume given-new");
        await Expect(page.Locator(".page-head .badge")).ToHaveTextAsync("active");

        await ClickAsync(page, "Rotate token");
        var rotate = page.GetByRole(AriaRole.Dialog);
        // In Firefox, filling a number appends to it.
        await rotate.GetByLabel("Overlap in hours").PressAsync("ControlOrMeta+A");
        await rotate.GetByLabel("Overlap in hours").PressSequentiallyAsync("0");
        await rotate.GetByRole(AriaRole.Button, new() { Name = "Rotate token" }).ClickAsync();
        var next = await TokenAsync(page);
        Assert.NotEqual(token, next);
        Assert.DoesNotContain("\"result\"", await bench.CallAsync("given", token, "get_customer"));
        Assert.Contains("\"result\"", await bench.CallAsync("given", next, "get_customer"));

        await ClickAsync(page, "Revoke grant");
        var revoke = page.GetByRole(AriaRole.Dialog);
        await Expect(revoke.GetByRole(AriaRole.Button, new() { Name = "Revoke" })).ToBeDisabledAsync();
        await revoke.GetByLabel("Type given-new to confirm").FillAsync("given-new");
        await revoke.GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync();
        await Expect(window.Heading).ToHaveTextAsync("Grants");
        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "given-new" })).ToHaveCountAsync(0);
        Assert.DoesNotContain("\"result\"", await bench.CallAsync("given", next, "get_customer"));
        // The page may ask once more for what is just gone.
        Assert.Empty(window.ErrorsBut("404"));
    }

    [BrowserFact]
    public async Task Grants_are_listed_by_a_selector_of_labels()
    {
        await bench.ProvideAsync("labeled");
        foreach (var team in new[] { "red", "blue" })
        {
            await bench.SendAsync("POST", "grants", $$"""
                { "name": "labeled-{{team}}", "servers": { "labeled": "labeled" }, "labels": { "team": "{{team}}" } }
                """);
        }

        await using var window = await bench.SignedInAsync();
        var page = window.Page;
        await window.GoAsync("grants");
        var selector = page.GetByLabel("Label selector");
        await selector.FillAsync("team in (red)");
        var rows = page.GetByRole(AriaRole.Region, new() { Name = "Grants" }).GetByRole(AriaRole.Row);
        await Expect(rows).ToHaveCountAsync(2);
        await Expect(rows.Nth(1)).ToContainTextAsync("labeled-red");
        await Expect(rows.Nth(1)).ToContainTextAsync("team=red");
        await selector.FillAsync("team in red");
        await Expect(page.GetByText("\"selector\" cannot be read at character 9")).ToBeVisibleAsync();
        await selector.FillAsync("team=green");
        await Expect(page.GetByText("No matching grants")).ToBeVisibleAsync();
        Assert.Empty(window.ErrorsBut("400"));
    }

    [BrowserFact]
    public async Task How_its_tools_are_listed_and_which_stand_for_others_is_shown_and_changed()
    {
        await bench.ProvideAsync("shaped");
        await bench.SendAsync("POST", "grants", """{ "name": "shaped-agent", "servers": { "shaped": "shaped" }, "expires": "30d" }""");
        await using var window = await bench.SignedInAsync();
        var page = window.Page;
        await window.GoAsync("grants/shaped-agent");
        await Expect(page.GetByText("Every tool is listed.")).ToBeVisibleAsync();
        await ClickAsync(page, "Edit grant");
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Tools as").SelectOptionAsync("search");
        await dialog.GetByText("JSON of the virtual tools").ClickAsync();
        var tools = dialog.GetByLabel("Virtual tools (JSON)");
        await tools.FillAsync("{ \"shaped\": ");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(dialog.GetByText("JSON")).Not.ToHaveCountAsync(0);
        await tools.FillAsync("""{ "shaped": { "look_up": { "tool": "get_customer", "fix": { "customer_id": "c-1" } } } }""");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();

        await Expect(page.GetByText("three tools find, describe and call")).ToBeVisibleAsync();
        await Expect(page.GetByText("look_up")).ToBeVisibleAsync();
        var grant = JsonNode.Parse(await bench.ReadAsync("grants/shaped-agent"))!;
        Assert.Equal("search", (string?)grant["tools_as"]);
        Assert.Equal("get_customer", (string?)grant["virtual_tools"]!["shaped"]!["look_up"]!["tool"]);
        Assert.NotNull(grant["expires"]);
        Assert.Empty(window.ErrorsBut("404"));
    }

    [BrowserFact]
    public async Task A_named_list_is_made_changed_kept_while_a_policy_names_it_and_removed()
    {
        await using var window = await bench.SignedInAsync();
        var page = window.Page;
        await window.GoAsync("settings/lists");
        await ClickAsync(page, "Create list");
        var make = page.GetByRole(AriaRole.Dialog);
        await make.GetByLabel("Name").FillAsync("hosts");
        await make.GetByLabel("Values, one per line").FillAsync("a.example\nb.example\n\na.example");
        await Expect(make.GetByText("2 values,")).ToBeVisibleAsync();
        await make.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.GetByText("hosts has 2 values.")).ToBeVisibleAsync();

        await page.GetByLabel("Values, one per line").FillAsync("a.example\nb.example\nc.example");
        await ClickAsync(page, "Save list");
        await Expect(page.GetByText("hosts has 3 values.")).ToBeVisibleAsync();
        Assert.Equal(3, JsonNode.Parse(await bench.ReadAsync("lists/hosts"))!["values"]!.AsArray().Count);

        await bench.SendAsync("PUT", "policies/listed", """
            { "version": "1", "default": "deny", "tools": { "get_customer": { "require": [
              { "path": "args.id", "op": "in", "list": "hosts" } ] } } }
            """);
        await RemoveAsync(page, "hosts");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("listed");
        await page.Keyboard.PressAsync("Escape");
        await bench.SendAsync("PUT", "policies/listed", """{ "version": "1", "default": "deny" }""");
        await RemoveAsync(page, "hosts");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "hosts" })).ToHaveCountAsync(0);
        Assert.Empty(window.ErrorsBut("404", "409"));
    }

    [BrowserFact]
    public async Task Tokens_that_select_a_grant_are_entered_in_fields_and_removed()
    {
        await using var own = new OwnBench
        {
            Bench = new ConsoleBench
            {
                Configuration = """
                    { "publicUrl": "https://gateway.example.com",
                      "identity": { "issuers": {
                        "corp": { "issuer": "https://login.example.com", "audience": "g" } } } }
                    """,
            },
        };
        await own.Bench.InitializeAsync();
        await own.Bench.ProvideAsync("shop");
        await using var window = await own.Bench.SignedInAsync();
        var page = window.Page;
        await window.GoAsync("grants/shop-bot");
        await ClickAsync(page, "Edit grant");
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Issuer").SelectOptionAsync("corp");
        await ClickAsync(page, "Add condition");
        await dialog.GetByLabel("Claim").FillAsync("groups");
        await dialog.GetByLabel("Operator").SelectOptionAsync("in");
        await dialog.GetByLabel("Value", new() { Exact = true }).FillAsync("OU=agents,O=shop\n\"7\"");
        await dialog.GetByLabel("Order").FillAsync("10");
        await window.PicturesAsync("grant-edit");
        Assert.Equal("", string.Join('\n', await window.BarriersAsync()));
        await ClickAsync(page, "Save changes");
        await Expect(page.Locator(".facts").First).ToContainTextAsync("is one of OU=agents,O=shop, \"7\"");
        var grant = JsonNode.Parse(await own.Bench.ReadAsync("grants/shop-bot"))!;
        Assert.Equal(10, (int)grant["order"]!);
        Assert.Equal(
            """{"issuer":"corp","claims":[{"path":"groups","op":"in","value":["OU=agents,O=shop","7"]}]}""",
            grant["match"]!.ToJsonString());

        await ClickAsync(page, "Edit grant");
        await dialog.GetByLabel("Issuer").SelectOptionAsync("None");
        await ClickAsync(page, "Save changes");
        await Expect(dialog).ToHaveCountAsync(0);
        Assert.Null(JsonNode.Parse(await own.Bench.ReadAsync("grants/shop-bot"))!["match"]);
        Assert.Empty(window.Errors);
    }

    [BrowserFact]
    public async Task A_policy_in_use_names_its_grants_and_one_that_is_not_is_removed_and_restored()
    {
        await bench.ProvideAsync("kept");
        foreach (var name in (string[])["left", "entry"])
            await bench.SendAsync("PUT", $"policies/{name}", """{ "version": "1", "default": "deny" }""");
        await using var window = await bench.SignedInAsync();
        var page = window.Page;
        await window.GoAsync("policies");
        await ClickAsync(page, "Remove kept");
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog.GetByRole(AriaRole.Link, new() { Name = "kept-bot" })).ToBeVisibleAsync();
        await Expect(dialog.GetByRole(AriaRole.Textbox)).ToHaveCountAsync(0);
        await window.PicturesAsync("policy-in-use");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Close", Exact = true }).Last.ClickAsync();

        await bench.SendAsync("PUT", "servers/kept", new JsonObject
        {
            ["url"] = bench.ServerUrl, ["oauthPolicy"] = "entry",
        });
        await ClickAsync(page, "Remove entry");
        await Expect(dialog.GetByRole(AriaRole.Link, new() { Name = "kept", Exact = true })).ToBeVisibleAsync();
        await window.PicturesAsync("policy-of-sign-ins");
        await page.Keyboard.PressAsync("Escape");
        await Expect(dialog).ToHaveCountAsync(0);

        await ClickAsync(page, "Remove left");
        await dialog.GetByLabel("Type left to confirm").FillAsync("left");
        await window.PicturesAsync("policy-remove");
        Assert.Equal("", string.Join('\n', await window.BarriersAsync()));
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Remove policy" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "left", Exact = true })).ToHaveCountAsync(0);

        await window.GoAsync("policies/left?view=versions");
        await page.GetByRole(AriaRole.Button, new() { Name = "Compare version" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Restore version" }).ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0);
        Assert.Equal("""{ "version": "1", "default": "deny" }""", await bench.ReadAsync("policies/left"));
        Assert.Empty(window.ErrorsBut("404"));
    }

    private static async Task RemoveAsync(IPage page, string name)
    {
        await ClickAsync(page, "Remove list");
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel($"Type {name} to confirm").FillAsync(name);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();
    }

    private static async Task<string> TokenAsync(IPage page)
    {
        var token = await page.GetByRole(AriaRole.Region, new() { Name = "the token" }).TextContentAsync();
        await ClickAsync(page, "Done");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        return token!;
    }

    private static Task ClickAsync(IPage page, string name) =>
        page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();
}
