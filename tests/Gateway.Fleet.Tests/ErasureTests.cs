using Gateway.Audit.Records;
using Gateway.Audit.Writing;
using Gateway.Mcp;
using Gateway.Mcp.Protocol;
using Gateway.Policy.Decisions;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Fleet.Tests;

/// <summary>Erasure of a person in the logs of real processes.</summary>
public sealed class ErasureTests
{
    private static readonly string[] Arguments =
        ["audit", "erase", "--issuer", "corp", "--subject", "ana-7", "--reason", "request 17", "--yes"];

    [ClusterFact]
    public async Task Erases_a_person_in_the_logs_of_three_frontends_of_one_store()
    {
        await using var bench = await FleetBench.StartAsync("""{ "version": "1", "default": "allow" }""");
        var members = new List<FleetMember>();
        for (var i = 1; i <= 3; i++)
            members.Add(await StartWithCallsAsync(bench, calls: 20 * i));
        using var folder = new TestFolder();
        var cli = new Cli(folder.Path, members[0].Process.Address, FleetBench.AdminKey);

        var one = await cli.RunAsync(Arguments);
        Assert.Contains("Other frontends have their own records", one.Output, StringComparison.Ordinal);
        var all = await cli.RunAsync([
            .. Arguments, "--frontends", string.Join(',', members.Select(static member => member.Process.Address))]);

        Assert.Equal((0, ""), (all.ExitCode, all.Errors));
        Assert.Matches("(?s): 0 records .*: 20 records .*: 30 records ", all.Output);
        foreach (var member in members)
        {
            Assert.DoesNotContain(member.Audit, static one => Is(one, "ana-7"));
            Assert.Contains(member.Audit, static one => Is(one, "ben-8"));
            await member.DisposeAsync();
            var verified = await cli.RunAsync("audit", "verify", "--data", member.Data);
            Assert.Equal(0, verified.ExitCode);
            Assert.Contains("0 changed, 0 missing", verified.Output, StringComparison.Ordinal);
        }
    }

    [ClusterFact]
    public Task A_gateway_that_is_killed_before_an_erasure_leaves_it_to_be_repeated() => KillAsync("erasing");

    [ClusterFact]
    public Task A_gateway_that_is_killed_during_an_erasure_finishes_it() => KillAsync("audit-*.unfinished");

    /// <summary>Kills a gateway as soon as its log has a file of this name, and erases again.</summary>
    private static async Task KillAsync(string seen)
    {
        await using var bench = await FleetBench.StartAsync("""{ "version": "1", "default": "allow" }""");
        var member = await StartWithCallsAsync(bench, calls: 20_000);
        using var folder = new TestFolder();
        var audit = Path.Combine(member.Data, "audit");
        await Soon.UntilAsync(
            () => Directory.GetFiles(audit, "audit-*.gz").Length > 3 && Directory.GetFiles(audit, "*.unf*").Length == 0,
            "earlier files are compressed");

        var erasing = new Cli(folder.Path, member.Process.Address, FleetBench.AdminKey).RunAsync(Arguments);
        while (!erasing.IsCompleted && Directory.GetFiles(audit, seen).Length == 0)
            await Task.Yield();
        await member.Process.KillAsync();
        await erasing;
        await member.DisposeAsync();
        var cli = new Cli(folder.Path);
        var killed = await cli.RunAsync("audit", "verify", "--data", member.Data);
        Assert.Equal(0, killed.ExitCode);
        Assert.Contains("0 changed, 0 missing", killed.Output, StringComparison.Ordinal);

        var next = await bench.StartAgainAsync(member);
        Assert.False(File.Exists(Path.Combine(audit, "erasing")));
        cli = new Cli(folder.Path, next.Process.Address, FleetBench.AdminKey);
        Assert.InRange((await cli.RunAsync(Arguments)).ExitCode, 0, 1);
        Assert.DoesNotContain(next.Audit, static one => Is(one, "ana-7"));
        await next.DisposeAsync();
        var verified = await cli.RunAsync("audit", "verify", "--data", member.Data);
        Assert.Equal(0, verified.ExitCode);
        Assert.Contains(
            "personal values: 10,000 kept, 0 changed, 0 missing", verified.Output, StringComparison.Ordinal);
    }

    private static bool Is(JsonElement record, string caller) =>
        record.TryGetProperty("caller", out var value) && value.ValueEquals(caller);

    /// <summary>Starts a gateway whose log has calls of two people, alternately.</summary>
    private static async Task<FleetMember> StartWithCallsAsync(FleetBench bench, int calls)
    {
        var member = await bench.StartAsMemberAsync("gateway");
        await member.DisposeAsync();
        var options = new AuditLogOptions
        {
            Directory = Path.Combine(member.Data, "audit"),
            FileBytesMax = 1024 * 1024,
        };
        using (var log = new AuditLog(options, TimeProvider.System, NullLogger<AuditLog>.Instance, []))
        {
            for (var i = 0; i < calls; i++)
            {
                var call = new Call(Guid.NewGuid().ToString("N"), i % 2 == 0 ? "ana-7" : "ben-8");
                Assert.True(await log.RecordAsync(
                    AuditEncoder.Decision(call, new DecisionRecord { Rule = "/tools/t" })));
            }
        }

        return await bench.StartAgainAsync(member);
    }

    private sealed record Call(string IdText, string Subject) : IAuditedCall
    {
        public string GrantName => "support";

        public Caller Caller => new() { Issuer = "corp", Subject = Subject };

        public string ServerName => "srv";

        public string? PolicyName => null;

        public string? PolicySha256 => null;

        public McpMessage Message { get; } = new()
        {
            Body = default,
            Kind = McpMessageKind.Request,
            Method = McpMethods.ToolsCall,
            Name = "t",
        };

        public string? SessionCounterId => null;

        public long NowMs { get; } = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

        public long ArrivedMs => NowMs;
    }
}
