using Gateway.Server.Tests.Approvals;

namespace Gateway.Server.Tests.Commands.Verbs;

/// <summary>The operator's side from a shell.</summary>
public sealed class ApprovalsCommandTests
{
    [Fact]
    public async Task Lists_approves_and_denies_and_says_who_was_first()
    {
        await using var bench = await ApprovalBench.StartAsync();
        var cli = new Cli(bench.Gateway.Folder, bench.Gateway.Address, ApprovalBench.AdminKey);
        Assert.Contains(
            "No request for approval", (await cli.RunAsync("approvals", "list")).Output, StringComparison.Ordinal);
        var yes = await bench.AskAsync("""{"amount":5}""");
        var no = await bench.AskAsync("""{"amount":6}""");

        var listed = await cli.RunAsync("approvals", "list");
        Assert.Contains("""{"amount":5}""", listed.Output, StringComparison.Ordinal);
        var approved = await cli.RunAsync("approvals", "approve", yes[..12], "--by", "Ada");
        var denied = await cli.RunAsync("approvals", "deny", no, "--by", "Ada", "--comment", "Too much.", "--json");

        Assert.Equal((0, 0), (approved.ExitCode, denied.ExitCode));
        Assert.Equal("denied", (string?)JsonNode.Parse(denied.Output)!["state"]);
        Assert.True(ApprovalBench.IsDone(await bench.CallAsync("""{"amount":5}""")));
        var answer = await bench.CallAsync("""{"amount":6}""");
        Assert.Contains("admin denied this call: Too much.", ApprovalBench.Text(answer), StringComparison.Ordinal);
        var again = await cli.RunAsync("approvals", "approve", no);
        Assert.Equal(1, again.ExitCode);
        Assert.Contains("admin has already denied it", again.Errors, StringComparison.Ordinal);
        Assert.Equal(1, (await cli.RunAsync("approvals", "deny", "ffff")).ExitCode);
    }

    [Fact]
    public async Task Lets_calls_like_it_go_ahead_shows_which_and_takes_that_back()
    {
        await using var bench = await ApprovalBench.StartAsync();
        var cli = new Cli(bench.Gateway.Folder, bench.Gateway.Address, ApprovalBench.AdminKey);
        var id = await bench.AskAsync("""{"amount":5,"to":"ann"}""");
        var shown = await cli.RunAsync("approvals", "show", id);
        Assert.Contains("--where    args.amount eq 5\n--where    args.to eq \"ann\"\n", shown.Output,
            StringComparison.Ordinal);
        Assert.Equal(2, (await cli.RunAsync("approvals", "approve", id, "--where", "args.amount lte 9")).ExitCode);
        Assert.Equal(2, (await cli.RunAsync("approvals", "approve", id, "--next", "2", "--where", "huh")).ExitCode);

        var approved = await cli.RunAsync("approvals", "approve", id, "--next", "2", "--for", "15m",
            "--where", "args.amount lte 9", "--where", "args.to eq ann");

        Assert.Contains(" for the next 2", approved.Output, StringComparison.Ordinal);
        Assert.True(ApprovalBench.IsDone(await bench.CallAsync("""{"amount":9,"to":"ann"}""")));
        await bench.AskAsync("""{"amount":9,"to":"bob"}""");
        var listed = await cli.RunAsync("approvals", "standing", "list");
        Assert.Contains("1 of 2", listed.Output, StringComparison.Ordinal);
        Assert.Contains("args.amount lte 9, args.to eq \"ann\"", listed.Output, StringComparison.Ordinal);
        var json = JsonNode.Parse((await cli.RunAsync("approvals", "standing", "list", "--json")).Output);
        var revoked = await cli.RunAsync("approvals", "standing", "revoke", ((string)json![0]!["id"]!)[..12]);
        Assert.Contains("was revoked after 1 of 2 calls", revoked.Output, StringComparison.Ordinal);
        await bench.AskAsync("""{"amount":8,"to":"ann"}""");
        Assert.Equal(1, (await cli.RunAsync("approvals", "standing", "revoke", "ffff")).ExitCode);
    }

    [Fact]
    public async Task Approve_by_a_name_with_the_admin_key_records_the_key_and_keeps_the_name_as_a_claim()
    {
        await using var bench = await ApprovalBench.StartAsync();
        var cli = new Cli(bench.Gateway.Folder, bench.Gateway.Address, ApprovalBench.AdminKey);
        var id = await bench.AskAsync();

        var approved = await cli.RunAsync("approvals", "approve", id, "--by", "ana", "--json");

        Assert.Equal(0, approved.ExitCode);
        Assert.Equal("admin", (string?)JsonNode.Parse(approved.Output)!["answeredBy"]);
        var shown = await cli.RunAsync("approvals", "show", id);
        Assert.Contains(
            "by         admin  from 127.0.0.1, admin-key, cli, claimed to be ana\n", shown.Output,
            StringComparison.Ordinal);
        await bench.Gateway.DisposeHostAsync();
        var record = Assert.Single(bench.Gateway.AuditRecords(), static record =>
            record.GetProperty("kind").GetString() == "approval"
            && record.GetProperty("became").GetString() == "approved");
        Assert.Equal(
            ["admin", "ana", "127.0.0.1", "admin-key", "cli"],
            new[] { "by", "claimedBy", "from", "credential", "origin" }
                .Select(member => record.GetProperty(member).GetString()!));
        Assert.False(record.TryGetProperty("credentialId", out _));
    }

    [UnixFact]
    public async Task Watches_for_new_requests_over_a_restart_of_the_gateway()
    {
        await using var bench = await ApprovalBench.StartAsync();
        var first = await bench.AskAsync("""{"amount":5}""");
        using var watch = new CliWatch(
            bench.Gateway.Folder, bench.Gateway.Address, ApprovalBench.AdminKey,
            "approvals", "list", "--watch", "--json");
        Assert.Equal(first, await NextIdAsync(watch));

        var second = await bench.AskAsync("""{"amount":6}""");
        Assert.Equal(second, await NextIdAsync(watch));
        await bench.RestartAsync(async () => Assert.Contains(
            "cannot be reached, trying again", await watch.ReadErrorAsync(), StringComparison.Ordinal));
        var third = await bench.AskAsync("""{"amount":7}""");

        Assert.Equal(third, await NextIdAsync(watch));
        // What a shell says of a program that Ctrl-C ended.
        Assert.Equal(130, await watch.InterruptAsync());
        Assert.Null(await watch.ReadLineAsync());
    }

    private static async Task<string?> NextIdAsync(CliWatch watch) =>
        (string?)JsonNode.Parse((await watch.ReadLineAsync())!)!["id"];
}
