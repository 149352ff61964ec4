namespace Gateway.Server.Tests.Admin;

/// <summary>Lists are searched, ordered and counted where they are, not on the page that shows some of them.</summary>
public sealed class ListingTests : IAsyncLifetime
{
    private AdminBench _bench = null!;

    public async Task InitializeAsync()
    {
        _bench = await AdminBench.StartAsync();
        await _bench.ProvideAsync();
        foreach (var name in (string[])["Alpha", "beta", "alpine", "gamma"])
            await _bench.SendAsync("POST", "grants", AdminBench.GrantBody(name));
    }

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Finds_grants_by_each_word_in_any_case_and_counts_them()
    {
        var found = await _bench.SendAsync("GET", "grants?q=ALP&limit=1");

        Assert.Equal(2, (int)found.Json!["total"]!);
        Assert.Equal(["Alpha"], Names(found));
        var next = await _bench.SendAsync("GET", $"grants?q=ALP&limit=1&cursor={found.Json!["next"]}");
        Assert.Equal(["alpine"], Names(next));
        Assert.Null(next.Json!["next"]);
        Assert.Equal(["alpine"], Names(await _bench.SendAsync("GET", "grants?q=crm%20alpi")));
        Assert.Equal([], Names(await _bench.SendAsync("GET", "grants?q=nothing")));
    }

    [Fact]
    public async Task Orders_grants_both_ways_over_pages()
    {
        string[] made = ["bot", "Alpha", "beta", "alpine", "gamma"];

        Assert.Equal(made, await AllAsync("grants?sort=created&limit=2"));
        Assert.Equal(made.Reverse(), await AllAsync("grants?sort=-created&limit=2"));
        Assert.Equal(["gamma", "bot", "beta", "alpine", "Alpha"], await AllAsync("grants?sort=-name&limit=3"));
        Assert.Equal(400, (await _bench.SendAsync("GET", "grants?sort=colour")).Status);
    }

    [Fact]
    public async Task Filters_grants_by_status_server_and_policy()
    {
        await _bench.SendAsync("POST", "grants/beta/pause");

        Assert.Equal(["beta"], Names(await _bench.SendAsync("GET", "grants?status=paused")));
        Assert.Equal(5, (int)(await _bench.SendAsync("GET", "grants?server=crm&policy=limited")).Json!["total"]!);
        Assert.Equal(0, (int)(await _bench.SendAsync("GET", "grants?server=shop")).Json!["total"]!);
    }

    [Fact]
    public async Task A_version_of_a_list_is_what_a_change_asks_for()
    {
        foreach (var path in (string[])["grants?q=beta", "policies", "servers"])
        {
            var kind = path.Split('?')[0];
            var item = (await _bench.SendAsync("GET", path)).Json!["items"]![0]!;
            var shown = await _bench.SendAsync("GET", $"{kind}/{item["name"]}");

            Assert.Equal((kind, $"\"{item["version"]}\""), (kind, shown.ETag));
        }
    }

    [Fact]
    public async Task A_server_of_a_list_says_how_it_stands_and_how_many_reach_it()
    {
        var item = (await _bench.SendAsync("GET", "servers?q=cr")).Json!["items"]!.AsArray().Single()!;

        Assert.Equal(5, (int)item["grants"]!);
        Assert.Equal("unknown", (string?)item["health"]!["health"]);
    }

    private async Task<List<string>> AllAsync(string path)
    {
        var all = new List<string>();
        string? cursor = null;
        do
        {
            var page = await _bench.SendAsync("GET", cursor is null ? path : $"{path}&cursor={cursor}");
            all.AddRange(Names(page));
            cursor = (string?)page.Json!["next"];
        }
        while (cursor is not null);
        return all;
    }

    private static IEnumerable<string> Names(AdminReply reply) =>
        reply.Json!["items"]!.AsArray().Select(static item => (string)item!["name"]!);
}
