using System.Web;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol.Authentication;
using ModelContextProtocol.Client;
using static Microsoft.Playwright.Assertions;

namespace Gateway.Console.Tests;

/// <summary>Official clients that know a URL alone, and an operator who presses "Allow" in a real browser.</summary>
public sealed class ClientSignInTests
{
    private static readonly Regex Callback = new("/callback[?]");

    [Trait("run", "full")]
    [BrowserFact]
    public async Task The_CSharp_client_registers_is_allowed_calls_and_refreshes_by_itself()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        await using var own = await StartAsync();
        await using var window = await own.Bench.OpenAsync();
        await using var callback = await LoopbackServer.StartAsync(static http => http.Response.WriteAsync("Done."));
        var (asked, cache) = (0, new KeptTokens());
        var options = new ClientOAuthOptions
        {
            RedirectUri = new Uri(callback.Url, "callback"),
            DynamicClientRegistration = new() { ClientName = "C# client" },
            TokenCache = cache,
            AuthorizationCallbackHandler = async (context, _) =>
            {
                asked++;
                var answer = await AllowAsync(window, context.AuthorizationUri, "C# client", "policy");
                return new AuthorizationResult { Code = answer["code"]!, State = answer["state"], Iss = answer["iss"] };
            },
        };

        await using (var client = await ConnectAsync(own.Bench, options, deadline.Token))
        {
            Assert.Equal(
                ["find_order", "refund_order", "send_letter"],
                (await client.ListToolsAsync(cancellationToken: deadline.Token))
                    .Select(static tool => tool.Name).Order(StringComparer.Ordinal));
            var denied = await client.CallToolAsync("delete_order", cancellationToken: deadline.Token);
            Assert.True(denied.IsError);
        }

        // An access token that is no good any more: the client takes another by itself, and nobody is asked.
        var first = cache.Tokens!;
        cache.Tokens = new TokenContainer
        {
            AccessToken = "pga_over", RefreshToken = first.RefreshToken, TokenType = first.TokenType,
            Scope = first.Scope, ObtainedAt = first.ObtainedAt, ExpiresIn = first.ExpiresIn,
            ClientId = first.ClientId, ClientSecret = first.ClientSecret,
            TokenEndpointAuthMethod = first.TokenEndpointAuthMethod, AuthorizationServer = first.AuthorizationServer,
        };
        await using (var client = await ConnectAsync(own.Bench, options, deadline.Token))
        {
            var done = await client.CallToolAsync("find_order", cancellationToken: deadline.Token);
            Assert.NotEqual(true, done.IsError);
        }

        Assert.Equal(1, asked);
        Assert.DoesNotContain(cache.Tokens!.AccessToken, new[] { "pga_over", first.AccessToken });
        await AssertGrantAsync(own.Bench, "C# client", """{"shop":"careful"}""");
        Assert.Empty(window.Errors);
    }

    [BrowserFact(WithNode = true)]
    public async Task The_TypeScript_client_registers_is_allowed_several_servers_as_one_calls_and_refreshes_by_itself()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        await using var own = await StartAsync();
        await using var window = await own.Bench.OpenAsync(width: 320, ColorScheme.Dark);
        // Where it listens is written in it, as in many clients.
        await window.Page.RouteAsync(Callback, static route => route.FulfillAsync(new() { Body = "Done." }));
        await using var client = NodeProcess.Start("oauth-client.js", new Uri(own.Bench.Address, "/mcp").AbsoluteUri);
        var asked = new Uri((string)JsonNode.Parse(await client.ReadJsonLineAsync(deadline.Token))!["authorize"]!);

        await AllowAsync(window, asked, "TypeScript client", "policy.shop");
        await client.WriteLineAsync(new Uri(window.Page.Url).Query);

        var done = JsonNode.Parse(await client.ReadJsonLineAsync(deadline.Token))!;
        Assert.Equal((3, 3, true), ((int)done["tools"]!, (int)done["again"]!, (bool)done["renewed"]!));
        await AssertGrantAsync(own.Bench, "TypeScript client", """{"shop":"careful"}""");
        Assert.Empty(window.Errors);
    }

    [BrowserFact]
    public async Task What_is_denied_on_the_page_comes_back_to_the_client_as_a_refusal()
    {
        await using var own = await StartAsync();
        await using var window = await own.Bench.OpenAsync();
        await using var callback = await LoopbackServer.StartAsync(static http => http.Response.WriteAsync("Done."));
        var options = new ClientOAuthOptions
        {
            RedirectUri = new Uri(callback.Url, "callback"),
            AuthorizationCallbackHandler = async (context, _) =>
            {
                await SignInAsync(window, context.AuthorizationUri);
                await window.Page.GetByRole(AriaRole.Button, new() { Name = "Deny" }).ClickAsync();
                await Expect(window.Page).ToHaveURLAsync(Callback);
                return null;
            },
        };

        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await using var client = await ConnectAsync(own.Bench, options, CancellationToken.None);
        });

        Assert.StartsWith(callback.Url.AbsoluteUri, window.Page.Url, StringComparison.Ordinal);
        Assert.Equal("access_denied", HttpUtility.ParseQueryString(new Uri(window.Page.Url).Query)["error"]);
        Assert.Empty(JsonNode.Parse(await own.Bench.ReadAsync("grants"))!["items"]!.AsArray());
        Assert.Empty(window.Errors);
    }

    private static async Task<OwnBench> StartAsync()
    {
        var address = $"http://127.0.0.1:{Ports.Free()}";
        var own = new OwnBench
        {
            Bench = new ConsoleBench
            {
                Listen = address, Configuration = $$"""{ "oauth": { "issuer": "{{address}}" } }""",
            },
        };
        var bench = own.Bench;
        await bench.InitializeAsync();
        await bench.SendAsync("PUT", "servers/shop", new JsonObject { ["url"] = bench.ServerUrl + HostileTools.Shop });
        await bench.SendAsync("PUT", "policies/careful", """
            { "version": "1", "default": "allow", "hide": ["delete_order"] }
            """);
        await bench.SendAsync("POST", "operators", new JsonObject
        {
            ["name"] = ConsoleBench.Operator, ["roles"] = new JsonArray("editor"), ["password"] = ConsoleBench.Password,
        });
        return own;
    }

    private static Task<McpClient> ConnectAsync(
        ConsoleBench bench, ClientOAuthOptions oauth, CancellationToken cancellationToken) =>
        McpClient.CreateAsync(
            new HttpClientTransport(new() { Endpoint = new Uri(bench.Address, "/mcp/shop"), OAuth = oauth }),
            new McpClientOptions
            {
                InitializationTimeout = TimeSpan.FromMinutes(2), DiscoverProbeTimeout = Timeout.InfiniteTimeSpan,
            },
            cancellationToken: cancellationToken);

    /// <summary>Signs in where a client sends the browser, reads what is asked, and allows it.</summary>
    private static async Task<System.Collections.Specialized.NameValueCollection> AllowAsync(
        ConsoleWindow window, Uri asked, string client, string field)
    {
        var page = window.Page;
        await SignInAsync(window, asked);
        await Expect(page.Locator("main")).ToContainTextAsync(client);
        await Expect(page.Locator("main")).ToContainTextAsync("No: the client chose this name");
        Assert.Empty(await window.BarriersAsync());
        await page.Locator($"select[name='{field}']").SelectOptionAsync("careful");
        await page.GetByRole(AriaRole.Button, new() { Name = "Allow" }).PressAsync("Enter");
        // WaitForURLAsync misses a navigation that commits between its look at the address and its subscription.
        await Expect(page).ToHaveURLAsync(Callback);
        return HttpUtility.ParseQueryString(new Uri(page.Url).Query);
    }

    private static async Task SignInAsync(ConsoleWindow window, Uri asked)
    {
        var page = window.Page;
        await page.GotoAsync(asked.AbsoluteUri);
        Assert.Empty(await window.BarriersAsync());
        await page.GetByLabel("Username", new() { Exact = true }).FillAsync(ConsoleBench.Operator);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(ConsoleBench.Password);
        await page.GetByLabel("Password", new() { Exact = true }).PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Deny" })).ToBeVisibleAsync();
    }

    private static async Task AssertGrantAsync(ConsoleBench bench, string client, string servers)
    {
        var grants = JsonNode.Parse(await bench.ReadAsync("grants"))!["items"]!.AsArray();
        var grant = Assert.Single(grants)!;
        Assert.Equal(("oauth", client), ((string?)grant["via"], (string?)grant["client"]));
        Assert.Equal(servers, grant["servers"]!.ToJsonString());
    }

    private sealed class KeptTokens : ITokenCache
    {
        public TokenContainer? Tokens { get; set; }

        public ValueTask StoreTokensAsync(TokenContainer tokens, CancellationToken cancellationToken)
        {
            Tokens = tokens;
            return default;
        }

        public ValueTask<TokenContainer?> GetTokensAsync(CancellationToken cancellationToken) => new(Tokens);
    }
}
