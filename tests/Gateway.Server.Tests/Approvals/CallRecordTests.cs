namespace Gateway.Server.Tests.Approvals;

/// <summary>A call that a person approved, as an auditor finds it: by whom, with which comment and arguments.</summary>
public sealed class CallRecordTests
{
    private const string Arguments = """{"amount":150,"order":"A-7","token":"secret-value"}""";

    [Fact]
    public async Task An_approved_call_is_found_by_its_approver_with_comment_and_arguments()
    {
        await using var bench = await ApprovalBench.StartAsync();
        await ApproveAsync(bench);

        var (status, page) = await bench.SendAsync(
            "GET", "audit/search?kind=approval&outcome=approved&tool=refund&by=admin&from=2020-01-01T00:00:00Z");

        Assert.Equal(200, status);
        var record = Assert.Single(page!["items"]!.AsArray())!;
        Assert.Equal(("Ada", "fits the order"), ((string?)record["claimedBy"], (string?)record["comment"]));
        var arguments = page["arguments"]![(string)record["approvalId"]!]!;
        Assert.Equal((150, "A-7"), ((int)arguments["values"]!["amount"]!, (string?)arguments["values"]!["order"]));
        // A value whose name looks like a secret is not kept.
        Assert.Null(arguments["values"]!["token"]);
        Assert.False((bool)arguments["isComplete"]!);
        Assert.DoesNotContain(
            bench.Gateway.AuditRecords(), static one => $"{one}".Contains("A-7", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_call_has_an_address_with_its_decision_approval_and_result()
    {
        await using var bench = await ApprovalBench.StartAsync();
        var (approval, callId) = await ApproveAsync(bench);

        var (status, call) = await bench.SendAsync("GET", $"calls/{callId}");
        var cli = new Cli(bench.Gateway.Folder, bench.Gateway.Address, ApprovalBench.AdminKey);
        var shown = await cli.RunAsync("audit", "show", callId);
        var unknown = await cli.RunAsync("audit", "show", "0123456789abcdef0123456789abcdef");

        Assert.Equal(200, status);
        var records = call!["records"]!.AsArray().Select(static one =>
            $"{one!["kind"]} {one["outcome"] ?? one["became"] ?? one["ended"]}").ToList();
        // The decision and its request have nearly the same instant.
        Assert.Equal(["approval asked", "decision approval_required"], records.Take(2).Order(StringComparer.Ordinal));
        Assert.Equal(["approval approved", "decision allowed", "outcome completed"], records.Skip(2));
        Assert.Equal("A-7", (string?)call["arguments"]![approval]!["values"]!["order"]);
        Assert.Equal(0, shown.ExitCode);
        Assert.Contains("admin approved refund on srv", shown.Output, StringComparison.Ordinal);
        Assert.Contains("fits the order", shown.Output, StringComparison.Ordinal);
        Assert.Contains("\"A-7\"", shown.Output, StringComparison.Ordinal);
        Assert.Equal(1, unknown.ExitCode);
        Assert.Contains("has no call", unknown.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Facets_and_exports_cover_what_the_search_shows()
    {
        await using var bench = await ApprovalBench.StartAsync();
        await ApproveAsync(bench);
        await bench.SendAsync("POST", "approvals/none/approve", new JsonObject { ["by"] = "Ada" });

        var (_, facets) = await bench.SendAsync("GET", "audit/facets?q=refund");
        var (_, page) = await bench.SendAsync("GET", "audit/search?q=refund");
        var lines = await ExportAsync(bench, "q=refund");
        var csv = await ExportAsync(bench, "q=refund&format=csv");

        var items = page!["items"]!.AsArray();
        Assert.Equal(items.Count, (int)facets!["matched"]!);
        Assert.True((bool)facets["isComplete"]!);
        Assert.Equal("admin", (string?)facets["facets"]!["by"]![0]!["value"]);
        Assert.Equal(
            items.Select(static one => one!.ToJsonString()),
            lines.Select(static one => JsonNode.Parse(one)!.ToJsonString()));
        Assert.StartsWith("time,kind,grant,server,tool", csv[0], StringComparison.Ordinal);
        Assert.Equal(items.Count + 1, csv.Length);
        Assert.Contains(csv, static row => row.Contains(",fits the order,", StringComparison.Ordinal));
        // A word of a recorded value finds the request and its calls.
        var (_, byValue) = await bench.SendAsync("GET", "audit/search?q=a-7%20refund");
        Assert.Equal(
            ["allowed", "approval_required", "approved", "asked"],
            byValue!["items"]!.AsArray().Select(static one => (string?)one!["outcome"] ?? (string?)one["became"])
                .Where(static one => one != "viewed").Order(StringComparer.Ordinal));
        Assert.Equal(400, (await bench.SendAsync("GET", "audit/search?kind=all")).Status);
        Assert.Equal(400, (await bench.SendAsync("GET", "audit/export?format=xml")).Status);
    }

    [Fact]
    public async Task Refunds_above_an_amount_are_found_with_conditions_on_recorded_arguments_and_exported()
    {
        await using var bench = await ApprovalBench.StartAsync();
        var (approval, _) = await ApproveAsync(bench);
        var (small, _) = await ApproveAsync(bench, """{"amount":50,"order":"A-8"}""", calls: 2);
        const string approved = "kind=approval&outcome=approved";
        const string above = approved + "&where=args.amount%20gt%20100&where=args.order%20contains%20A-";
        var cli = new Cli(bench.Gateway.Folder, bench.Gateway.Address, ApprovalBench.AdminKey);

        var (status, page) = await bench.SendAsync("GET", $"audit/search?{above}");
        var (_, below) = await bench.SendAsync("GET", $"audit/search?{approved}&where=args.amount%20lte%2050.0");
        var (_, facets) = await bench.SendAsync("GET", $"audit/facets?{above}");
        var lines = await ExportAsync(bench, above);
        var whole = await ExportAsync(bench, above + "&values=true");
        var csv = await ExportAsync(bench, above + "&format=csv");
        var query = await cli.RunAsync(
            "audit", "query", "--became", "approved", "--where", "args.amount gt 100", "--since", "7d");
        var none = await cli.RunAsync("audit", "query", "--where", "args.amount gt 150", "--json");

        Assert.Equal(200, status);
        var record = Assert.Single(page!["items"]!.AsArray())!;
        Assert.Equal((approval, "Ada"), ((string?)record["approvalId"], (string?)record["claimedBy"]));
        Assert.NotNull(page["valuesReached"]);
        Assert.Equal(small, (string?)Assert.Single(below!["items"]!.AsArray())!["approvalId"]);
        Assert.Equal(1, (int)facets!["matched"]!);
        Assert.Equal(record.ToJsonString(), JsonNode.Parse(Assert.Single(lines))!.ToJsonString());
        Assert.Equal(
            lines[0][..^1] + "," + """
                "recordedArguments":{"amount":150,"order":"A-7","token":null}}
                """,
            Assert.Single(whole));
        Assert.EndsWith(
            ",arguments,callerIssuer,callerClient,callerActor,claimedBy,onBehalfOf\r", csv[0],
            StringComparison.Ordinal);
        Assert.EndsWith(
            """
            "{""amount"":150,""order"":""A-7"",""token"":null}",,,,Ada,
            """ + "\r",
            Assert.Single(csv.Skip(1)), StringComparison.Ordinal);
        Assert.Equal(0, query.ExitCode);
        Assert.Contains(
            "admin approved refund",
            Assert.Single(query.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.Contains("searched back to", query.Errors, StringComparison.Ordinal);
        Assert.Equal((1, ""), (none.ExitCode, none.Output));
    }

    [Theory]
    [InlineData("audit/search")]
    [InlineData("audit/facets")]
    [InlineData("audit/export")]
    [InlineData("audit")]
    public async Task Condition_that_cannot_be_read_is_refused_with_its_place(string path)
    {
        await using var bench = await ApprovalBench.StartAsync();

        var (status, problem) = await bench.SendAsync(
            "GET", $"{path}?where=args.amount%20gt%201&where=args.amount%20over%20100");

        Assert.Equal(400, status);
        Assert.StartsWith(
            "\"where\", condition 2, character 13: there is no operator \"over\"; use eq,",
            (string?)problem!["detail"], StringComparison.Ordinal);
    }

    private static async Task<(string Approval, string CallId)> ApproveAsync(
        ApprovalBench bench, string arguments = Arguments, int calls = 1)
    {
        var id = await bench.AskAsync(arguments);
        await bench.SendAsync("POST", $"approvals/{id}/approve", new JsonObject
        {
            ["by"] = "Ada",
            ["comment"] = "fits the order",
        });
        Assert.True(ApprovalBench.IsDone(await bench.CallAsync(arguments)));
        var outcome = await bench.Gateway.OutcomeAsync(calls);
        var found = false;
        await Soon.UntilAsync(async () =>
        {
            var (_, page) = await bench.SendAsync("GET", "audit/search?kind=approval&outcome=approved");
            return found = page!["arguments"]?[id] is not null;
        }, "the arguments are kept");
        Assert.True(found);
        return (id, outcome.GetProperty("callId").GetString()!);
    }

    private static async Task<string[]> ExportAsync(ApprovalBench bench, string query)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get, new Uri(bench.Gateway.Address, "/api/v1/audit/export?" + query));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ApprovalBench.AdminKey);
        using var response = await bench.Gateway.Client.SendAsync(request);
        return (await response.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
