namespace Gateway.Server.Tests.Commands;

/// <summary>What public servers offer is imported, and searched together with what is registered.</summary>
public sealed class SearchVerbTests : IAsyncLifetime
{
    private AdminBench _bench = null!;
    private Cli _cli = null!;

    public async Task InitializeAsync()
    {
        _bench = await AdminBench.StartAsync();
        await _bench.ProvideAsync();
        _cli = new Cli(_bench.Folder, new Uri(_bench.Host.Addresses[0]), _bench.AdminKey);
    }

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Finds_registered_and_imported_tools_as_soon_as_they_are_there()
    {
        var before = await SearchAsync("q=customer");
        await _bench.SendAsync("GET", "catalogue/crm");
        var asked = await SearchAsync("q=customer&of=registered");
        await ImportAsync("""{"name":"acme/shop","tools":[{"name":"ban_customer"},{"name":"list_goods"}]}""");
        var imported = await SearchAsync("q=customer");
        await ImportAsync("""{"name":"acme/shop","tools":[{"name":"list_goods"}]}""");
        var afterwards = await SearchAsync("q=customer&of=public");

        Assert.True((bool)before["index"]!["published"]!);
        Assert.All(before["items"]!.AsArray(), static tool => Assert.False((bool)tool!["registered"]!));
        Assert.Contains("delete_customer", Names(asked));
        Assert.DoesNotContain("ban_customer", Names(asked));
        Assert.Contains("ban_customer", Names(imported));
        Assert.Equal((int)asked["total"]! + 1, (int)imported["total"]!);
        Assert.Equal((1, 2), ((int)imported["index"]!["servers"]!, (int)imported["index"]!["tools"]!));
        Assert.Equal(1, (int)imported["facets"]!["servers"]!.AsArray()
            .Single(static one => !(bool)one!["registered"]!)!["count"]!);
        Assert.Equal(
            (int)imported["total"]!, imported["facets"]!["risks"]!.AsObject().Sum(static one => (int)one.Value!));
        Assert.Equal(0, (int)afterwards["total"]!);
    }

    [Fact]
    public async Task Searches_by_the_command_line_with_and_without_a_gateway()
    {
        await _bench.SendAsync("GET", "catalogue/crm");
        await ImportAsync("""{"name":"acme/pay","tools":[{"name":"refund","description":"Gives \u001b[2Jback."}]}""");

        var asked = await _cli.RunAsync("catalogue", "search", "delete", "custom", "--server", "crm", "--json");
        var shown = await _cli.RunAsync(
            "catalogue", "search", "refund", "--category", "Financial", "--risk", "Critical");
        var folder = await _cli.RunAsync("catalogue", "search", "refund", "--data", "data", "--json");
        var wrong = await _cli.RunAsync("catalogue", "search", "refund", "--risk", "Enormous");
        await File.WriteAllTextAsync(Path.Combine(_bench.Folder, "data", "catalogue", "public.index"), "cut");
        var damaged = await _cli.RunAsync("catalogue", "search", "refund", "--data", "data");
        var without = await _cli.RunAsync("catalogue", "search", "delete", "--json");

        var found = JsonNode.Parse(asked.Output)!;
        Assert.Equal(["delete_customer"], Names(found));
        Assert.Equal("""[{"start":0,"length":6},{"start":7,"length":8}]""",
            found["items"]![0]!["highlights"]!["name"]!.ToJsonString());
        Assert.Contains("refund", shown.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', shown.Output);
        Assert.Equal(["refund"], Names(JsonNode.Parse(folder.Output)!));
        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("Low, Medium, High, Critical", wrong.Errors, StringComparison.Ordinal);
        Assert.Equal(2, damaged.ExitCode);
        Assert.Contains("gateway catalogue import", damaged.Errors, StringComparison.Ordinal);
        Assert.Equal(["delete_customer"], Names(JsonNode.Parse(without.Output)!));
    }

    [Fact]
    public async Task A_new_gateway_finds_public_servers_that_can_do_something()
    {
        var found = await SearchAsync("q=refund&of=public&group=server&transport=stdio");
        var shown = await _cli.RunAsync("catalogue", "search", "refund", "--servers", "--transport", "stdio");
        var folder = await _cli.RunAsync("catalogue", "search", "refund", "--data", "empty", "--json");

        var groups = found["groups"]!.AsArray();
        Assert.InRange(groups.Count, 3, 20);
        Assert.All(groups, static one => Assert.Equal("Stdio", (string)one!["server"]!["transport"]!));
        Assert.All(groups, static one => Assert.InRange(one!["tools"]!.AsArray().Count, 1, 3));
        Assert.InRange((int)found["facets"]!["transports"]!["Http"]!, 1, 10_000);
        Assert.Equal((int)found["total"]!, (int)found["facets"]!["transports"]!["Stdio"]!);
        Assert.Contains((string)groups[0]!["server"]!["name"]!, shown.Output, StringComparison.Ordinal);
        Assert.Contains("transports: ", shown.Output, StringComparison.Ordinal);
        Assert.NotEmpty(Names(JsonNode.Parse(folder.Output)!));
    }

    [Fact]
    public async Task Shows_an_operator_of_one_server_nothing_of_another()
    {
        await _bench.SendAsync("PUT", "servers/other", new JsonObject { ["url"] = _bench.Server.Address.ToString() });
        await _bench.SendAsync("GET", "catalogue/crm");
        await _bench.SendAsync("GET", "catalogue/other");
        var key = await _bench.KeyOfAsync("ana", "viewer:crm");

        var found = (await _bench.SendAsync("GET", "catalogue/search?q=customer&of=registered", key: key)).Json!;

        Assert.NotEmpty(Names(found));
        Assert.All(found["items"]!.AsArray(), static tool => Assert.Equal("crm", (string)tool!["server"]!));
        Assert.DoesNotContain("other", found.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("risk=7")]
    [InlineData("category=Reed")]
    [InlineData("limit=101")]
    [InlineData("limit=x")]
    [InlineData("of=mine")]
    [InlineData("transport=carrier")]
    [InlineData("group=tool")]
    public async Task Refuses_what_it_does_not_understand(string query) =>
        Assert.Equal(400, (await _bench.SendAsync("GET", $"catalogue/search?{query}")).Status);

    [Fact]
    public async Task Import_reads_standard_input()
    {
        _cli.Input = """{"name":"acme/shop","tools":[{"name":"list_goods"}]}""" + "\nno json";

        var run = await _cli.RunAsync("catalogue", "import", "-", "--data", "data", "--json");

        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Equal(1, (int)JsonNode.Parse(run.Output)!["tools"]!);
        Assert.Contains("<stdin>:2:", run.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_bench.Folder, "data", "catalogue", "standard-input.jsonl")));
    }

    private async Task ImportAsync(string dump)
    {
        await File.WriteAllTextAsync(Path.Combine(_bench.Folder, "dump.jsonl"), dump + "\nno json");
        var run = await _cli.RunAsync("catalogue", "import", "dump.jsonl", "--data", "data", "--json");
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Equal(1, (int)JsonNode.Parse(run.Output)!["servers"]!);
        Assert.Contains("dump.jsonl:2:", run.Errors, StringComparison.Ordinal);
    }

    private async Task<JsonNode> SearchAsync(string query)
    {
        var reply = await _bench.SendAsync("GET", $"catalogue/search?{query}");
        Assert.Equal(200, reply.Status);
        return reply.Json!;
    }

    private static IEnumerable<string> Names(JsonNode found) =>
        found["items"]!.AsArray().Select(static tool => (string)tool!["name"]!);
}
