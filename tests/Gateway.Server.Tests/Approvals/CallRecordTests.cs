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

    private static async Task<(string Approval, string CallId)> ApproveAsync(ApprovalBench bench)
    {
        var id = await bench.AskAsync(Arguments);
        await bench.SendAsync("POST", $"approvals/{id}/approve", new JsonObject
        {
            ["by"] = "Ada",
            ["comment"] = "fits the order",
        });
        Assert.True(ApprovalBench.IsDone(await bench.CallAsync(Arguments)));
        var outcome = await bench.Gateway.OutcomeAsync();
        var found = false;
        await Soon.UntilAsync(async () =>
        {
            var (_, page) = await bench.SendAsync("GET", "audit/search?kind=approval&outcome=approved");
            return found = page!["arguments"] is not null;
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
