namespace Gateway.Server.Tests.Admin;

/// <summary>What is kept of what a server offers, and how it stays right.</summary>
public sealed class InventoryTests
{
    private const string Open = """{ "version": "1", "default": "allow" }""";

    // Never within a test: what is seen then has another cause.
    private static readonly TimeSpan Seldom = TimeSpan.FromDays(1);

    [Fact]
    public async Task Asks_a_server_when_it_is_registered_and_keeps_what_it_listed_over_a_restart()
    {
        await using var bench = await InventoryBench.StartAsync(Open, Seldom, ChangingServer.Tool("get_customer"));
        await Soon.UntilAsync(() => bench.Server.Lists > 0, "the server is asked");
        Assert.Equal(["get_customer"], await bench.NamesAsync());

        bench.Server.IsDown = true;
        await bench.RestartAsync();

        var (status, again) = await bench.AskAsync("catalogue/srv");
        Assert.Equal(200, status);
        Assert.NotNull(again["seenAt"]);
        Assert.Equal(["get_customer"], await bench.NamesAsync());
    }

    [Fact]
    public async Task Says_that_what_it_has_is_stale_once_the_server_cannot_be_asked()
    {
        await using var bench = await InventoryBench.StartAsync(
            Open, TimeSpan.FromSeconds(1), ChangingServer.Tool("get_customer"));
        await Soon.UntilAsync(async () => (await bench.NamesAsync()).Length == 1, "the server is asked");

        bench.Server.IsDown = true;
        await Soon.UntilAsync(
            async () => (await bench.AskAsync("catalogue/srv")).Body["stale"] is not null, "the inventory is stale");
        Assert.Equal(["get_customer"], await bench.NamesAsync());
        Assert.Contains("did not list its tools", (string?)(await bench.AskAsync("servers/srv/tools")).Body["stale"],
            StringComparison.Ordinal);

        bench.Server.IsDown = false;
        Assert.Null((await bench.AskAsync("catalogue/srv?refresh=1")).Body["stale"]);
        Assert.Null((await bench.AskAsync("catalogue/srv")).Body["stale"]);
    }

    [Fact]
    public async Task Asks_again_every_so_often()
    {
        await using var bench = await InventoryBench.StartAsync(
            Open, TimeSpan.FromSeconds(1), ChangingServer.Tool("get_customer"));
        await Soon.UntilAsync(async () => (await bench.NamesAsync()).Length == 1, "the server is asked");

        bench.Server.Tools = [ChangingServer.Tool("get_customer"), ChangingServer.Tool("list_orders")];

        await Soon.UntilAsync(async () => (await bench.NamesAsync()).Length == 2, "the second tool is seen");
    }

    [Fact]
    public async Task Tool_that_was_never_accepted_is_not_called_changed()
    {
        await using var bench = await InventoryBench.StartAsync(
            Open, TimeSpan.FromSeconds(1), ChangingServer.Tool("get_customer"));
        await Soon.UntilAsync(async () => (await bench.NamesAsync()).Length == 1, "the server is asked");

        bench.Server.Tools = [ChangingServer.Tool("get_customer"), ChangingServer.Tool("list_orders")];
        await Soon.UntilAsync(
            async () => await TextAsync() == "1 tool of srv not accepted yet", "the new tool is listed");
        bench.Server.Tools =
        [
            ChangingServer.Tool("get_customer", "Looks up one customer by name."), ChangingServer.Tool("list_orders"),
        ];
        await Soon.UntilAsync(
            async () => await TextAsync() == "1 tool of srv changed since acceptance, 1 not accepted yet",
            "the changed tool is listed");

        async Task<string?> TextAsync() => (string?)(await bench.AskAsync("status")).Body["attention"]!.AsArray()
            .SingleOrDefault(static one => (string?)one!["kind"] == "tool.changed")?["text"];
    }

    [Fact]
    public async Task Sees_what_an_agents_list_has_and_the_inventory_has_not()
    {
        await using var bench = await InventoryBench.StartAsync(Open, Seldom, ChangingServer.Tool("get_customer"));
        await Soon.UntilAsync(async () => (await bench.NamesAsync()).Length == 1, "the server is asked");

        bench.Server.Tools = [ChangingServer.Tool("get_customer"), ChangingServer.Tool("list_orders")];
        Assert.Equal(2, (await bench.ListedAsync()).Length);

        await Soon.UntilAsync(async () => (await bench.NamesAsync()).Length == 2, "the second tool is seen");
    }
}
