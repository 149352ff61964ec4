using static Microsoft.Playwright.Assertions;

namespace Gateway.Console.Tests;

/// <summary>An operator adds a channel by its form.</summary>
[Collection(SharedConsole.Name)]
public sealed class ChannelFormTests(ConsoleBench bench)
{
    [BrowserFact]
    public async Task A_Slack_app_is_added_with_who_presses_its_buttons_and_for_which_tools()
    {
        await using var window = await bench.SignedInAsync();
        var page = window.Page;
        await window.GoAsync("settings/channels");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add channel" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog, new() { Name = "Add channel" });
        await dialog.GetByLabel("Name", new() { Exact = true }).FillAsync("buttons");
        await dialog.GetByLabel("Kind").SelectOptionAsync("slack-app");
        await dialog.GetByLabel("URL", new() { Exact = true }).FillAsync("https://slack.com/api");
        await dialog.GetByLabel("Bot token").FillAsync("xoxb-1");
        await dialog.GetByLabel("Signing secret").FillAsync("8f742231b10e8888");
        await dialog.GetByLabel("Slack channel").FillAsync("general");
        await dialog.GetByLabel("Slack approvers").FillAsync("T1/U1=ada, T1/U2=ben");
        await Expect(dialog.GetByText("/channels/buttons/slack")).ToBeVisibleAsync();
        await dialog.GetByText("Filters").ClickAsync();
        await dialog.GetByLabel("Risks").FillAsync("High, Critical");
        Assert.Empty(await window.BarriersAsync());

        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add channel", Exact = true }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("not the id of a Slack channel");
        await dialog.GetByLabel("Slack channel").FillAsync("C0123456789");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add channel", Exact = true }).ClickAsync();

        await Expect(dialog).Not.ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Rowheader, new() { Name = "buttons", Exact = true })).ToBeVisibleAsync();
        using var channels = JsonDocument.Parse(await bench.ReadAsync("channels"));
        var added = channels.RootElement.GetProperty("items").EnumerateArray()
            .Single(static one => one.GetProperty("name").GetString() == "buttons");
        Assert.Equal("ben", added.GetProperty("slack").GetProperty("people").GetProperty("T1/U2").GetString());
        Assert.Equal(2, added.GetProperty("risks").GetArrayLength());

        await page.GetByRole(AriaRole.Button, new() { Name = "Edit buttons" }).PressAsync("Enter");
        var edit = page.GetByRole(AriaRole.Dialog, new() { Name = "Edit buttons" });
        await Expect(edit.GetByLabel("Risks")).ToHaveValueAsync("High, Critical");
        await edit.GetByLabel("Risks").FillAsync("");
        await edit.GetByLabel("Servers").FillAsync("pay*");
        Assert.Empty(await window.BarriersAsync());
        await window.PicturesAsync("channel-edit");
        await edit.GetByLabel("Servers").PressAsync("Enter");
        await Expect(edit).Not.ToBeVisibleAsync();
        var edited = JsonNode.Parse(await bench.ReadAsync("channels/buttons"))!;
        Assert.Equal("pay*", (string?)Assert.Single(edited["servers"]!.AsArray()));
        Assert.Empty(edited["risks"]?.AsArray() ?? []);
        Assert.Equal("slack.com", (string?)edited["host"]);
        // The browser says of the refused one what the page showed.
        Assert.Contains("422", Assert.Single(window.Errors), StringComparison.Ordinal);
    }
}
