using static Microsoft.Playwright.Assertions;

namespace Gateway.Console.Tests;

/// <summary>Passkeys in a real browser, with an authenticator that it has in its place.</summary>
public sealed class PasskeyPageTests
{
    [BrowserFact(OnlyInChromium = true)]
    public async Task Is_added_named_used_to_sign_in_and_removed()
    {
        await using var own = new OwnBench();
        await own.Bench.InitializeAsync();
        await own.Bench.SendAsync("POST", "operators", new JsonObject
        {
            ["name"] = "ana", ["displayName"] = "Ana Sol", ["roles"] = new JsonArray("admin"),
            ["password"] = ConsoleBench.Password,
        });
        var address = new UriBuilder(own.Bench.Address) { Host = "localhost" }.Uri;
        await using var window = await own.Bench.OpenAsync(address: address);
        var page = window.Page;
        await AddAuthenticatorAsync(page);
        await window.SignInAsync("ana", ConsoleBench.Password);

        await window.GoAsync("account");
        await page.GetByLabel("Passkey name").FillAsync("laptop");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add passkey" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Remove laptop" })).ToBeVisibleAsync();
        Assert.Empty(await window.BarriersAsync());
        // The same authenticator makes no second one here.
        await page.GetByLabel("Passkey name").FillAsync("again");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add passkey" }).ClickAsync();
        await Expect(page.GetByText("already has a passkey for your account")).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).First.ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Use a passkey" }).ClickAsync();
        await page.Locator("#navigation").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await window.GoAsync("account");
        await Expect(page.GetByText("Ana Sol").First).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Remove laptop" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Textbox).FillAsync("laptop");
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove passkey", Exact = true }).ClickAsync();
        await Expect(page.GetByText("You have no passkeys.")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).First.ClickAsync();
        await Expect(window.Heading).ToHaveTextAsync("Sign in");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Use a passkey" })).ToHaveCountAsync(0);
        Assert.Empty(window.Errors);
    }

    /// <summary>A platform authenticator that verifies whoever is there.</summary>
    private static async Task AddAuthenticatorAsync(IPage page)
    {
        var devtools = await page.Context.NewCDPSessionAsync(page);
        await devtools.SendAsync("WebAuthn.enable");
        await devtools.SendAsync("WebAuthn.addVirtualAuthenticator", new Dictionary<string, object>
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2", ["transport"] = "internal", ["hasResidentKey"] = true,
                ["hasUserVerification"] = true, ["isUserVerified"] = true, ["automaticPresenceSimulation"] = true,
            },
        });
    }
}
