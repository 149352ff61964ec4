namespace Gateway.Fleet.Tests;

/// <summary>A fleet of three that ship to one table: any of them answers for all, also for one that is gone.</summary>
public sealed class SharedRecordTests
{
    private const string Policy = """{ "version": "1", "default": "allow" }""";

    [ClusterFact]
    public async Task Any_gateway_answers_for_all_of_them_also_for_one_that_was_killed()
    {
        await using var bench = await FleetBench.StartAsync(Policy);
        using var folder = new TestFolder();
        var sinks = Path.Combine(folder.Path, "sinks.json");
        await File.WriteAllTextAsync(sinks, new JsonObject
        {
            ["all"] = new JsonObject
            {
                ["kind"] = "postgres",
                ["url"] = WithoutPassword(bench.Database.Url(), folder.Path),
                ["token_file"] = "password",
                ["on_full"] = "block",
            },
        }.ToJsonString());
        await using var first = await bench.StartAsMemberAsync("first", more: ["--audit-sinks", sinks]);
        await using var second = await bench.StartAsMemberAsync("second", more: ["--audit-sinks", sinks]);
        await using var killed = await bench.StartAsMemberAsync("killed", more: ["--audit-sinks", sinks]);
        foreach (var member in (FleetMember[])[first, second, killed])
        {
            for (var i = 0; i < 3; i++)
                Assert.Equal(CallOutcome.Admitted, await member.Agent("any").CallAsync());
        }

        var cli = new Cli(folder.Path, second.Process.Address, FleetBench.AdminKey);
        string[] query = ["audit", "query", "--kind", "decision", "--shared"];
        // The outcomes are written after the decisions, and searched below.
        foreach (var kind in (string[])["decision", "outcome"])
        {
            string[] all = ["audit", "query", "--kind", kind, "--shared", "--json"];
            await Soon.UntilAsync(
                async () => (await cli.RunAsync(all)).Output.Split($"\"kind\":\"{kind}\"").Length == 10,
                $"each {kind} is in the table");
        }

        await killed.Process.KillAsync();

        var text = await cli.RunAsync(query);
        var cut = await cli.RunAsync([.. query, "--limit", "4"]);
        var own = await cli.RunAsync("audit", "query", "--kind", "decision");
        var both = await cli.RunAsync([.. query, "--frontends", $"{first.Process.Address}"]);

        Assert.Equal((0, ""), (text.ExitCode, text.Errors));
        Assert.Equal(9, text.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("4 of 9 shown", cut.Errors, StringComparison.Ordinal);
        Assert.Equal(3, own.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(2, both.ExitCode);
        Assert.Contains("omit --frontends", both.Errors, StringComparison.Ordinal);

        var report = await cli.RunAsync("report", "--since", "1h", "--shared");
        Assert.Contains("from the records of all gateways that ship to all", report.Output, StringComparison.Ordinal);
        Assert.Contains("9 calls, 0 refused", report.Output, StringComparison.Ordinal);
        Assert.Contains("sink all ", (await cli.RunAsync("status")).Output, StringComparison.Ordinal);

        await AssertSearchedAsync(second.Process.Address, killed);

        await bench.Database.StopAsync("immediate");
        var away = await cli.RunAsync(query);
        Assert.Equal(3, away.ExitCode);
        Assert.Contains("does not respond", away.Errors, StringComparison.Ordinal);
        Assert.Equal(3, (await cli.RunAsync("report", "--shared")).ExitCode);
        var lost = await ReadAsync(second.Process.Address, "audit/search?of=shared");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, lost.Status);
        Assert.Contains("read the records of each gateway instead", lost.Body, StringComparison.Ordinal);
        await bench.Database.StartAsync();
    }

    /// <summary>Searches, counts, exports and shows calls of all gateways at one of them.</summary>
    private static async Task AssertSearchedAsync(Uri gateway, FleetMember killed)
    {
        var (items, cursor) = (new List<JsonNode>(), "");
        do
        {
            var page = await JsonAsync(gateway, $"audit/search?of=shared&kind=decision&limit=4&cursor={cursor}");
            Assert.Equal("all", (string?)page["shared"]);
            items.AddRange(page["items"]!.AsArray().Select(static one => one!));
            cursor = (string?)page["next"];
        }
        while (cursor is not null);
        Assert.Equal(9, items.DistinctBy(static one => (string?)one["callId"]).Count());
        var times = items.Select(static one => (string?)one["time"]).ToList();
        Assert.Equal(times.OrderDescending(StringComparer.Ordinal), times);

        var facets = await JsonAsync(gateway, "audit/facets?of=shared&kind=decision,outcome&q=ANY");
        Assert.Equal((18, true), ((int)facets["matched"]!, (bool)facets["isComplete"]!));
        Assert.Equal(18, facets["histogram"]!["matched"]!.AsArray().Sum(static one => (int)one!));
        Assert.Equal("any 18", string.Join(
            ' ', facets["facets"]!["tool"]!.AsArray().Select(static one => $"{one!["value"]} {one["count"]}")));
        Assert.Equal(0, (int)(await JsonAsync(gateway, "audit/facets?of=shared&tool=other"))["matched"]!);

        var call = killed.Audit.Last(static one => one.GetProperty("kind").GetString() == "decision");
        var id = call.GetProperty("callId").GetString();
        Assert.Equal(HttpStatusCode.NotFound, (await ReadAsync(gateway, $"calls/{id}")).Status);
        foreach (var around in new[] { "", $"&at={call.GetProperty("time").GetString()}" })
        {
            var shown = await JsonAsync(gateway, $"calls/{id}?of=shared{around}");
            Assert.Equal("decision outcome", string.Join(
                ' ', shown["records"]!.AsArray().Select(static one => (string?)one!["kind"])));
        }

        Assert.Contains(
            "all has no call", (await ReadAsync(gateway, "calls/00000000000000000000000000000000?of=shared")).Body,
            StringComparison.Ordinal);
        var csv = await ReadAsync(gateway, "audit/export?of=shared&kind=decision&format=csv");
        Assert.Equal(10, csv.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        var values = await ReadAsync(gateway, "audit/search?of=shared&where=args.amount gt 1");
        Assert.Equal(HttpStatusCode.BadRequest, values.Status);
        Assert.Contains("values that each gateway keeps", values.Body, StringComparison.Ordinal);
    }

    private static async Task<JsonNode> JsonAsync(Uri gateway, string path)
    {
        var (status, body) = await ReadAsync(gateway, path);
        Assert.True(status == HttpStatusCode.OK, body);
        return JsonNode.Parse(body)!;
    }

    private static async Task<(HttpStatusCode Status, string Body)> ReadAsync(Uri gateway, string path)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        client.DefaultRequestHeaders.Authorization = new("Bearer", FleetBench.AdminKey);
        using var response = await client.GetAsync(new Uri(gateway, "/api/v1/" + path));
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>The password goes into a file of its own, as operators are told.</summary>
    private static string WithoutPassword(string url, string folder)
    {
        var scheme = url.IndexOf("://", StringComparison.Ordinal) + 3;
        var at = url.IndexOf('@', StringComparison.Ordinal);
        var user = url[scheme..at].Split(':');
        File.WriteAllText(Path.Combine(folder, "password"), user.Length > 1 ? Uri.UnescapeDataString(user[1]) : "");
        return url[..scheme] + user[0] + url[at..];
    }
}
