using System.IO.Compression;
using Gateway.Audit.Arguments;
using Gateway.Audit.Replaying;
using Gateway.Policy;
using Microsoft.AspNetCore.DataProtection;

namespace Gateway.Audit.Tests.Replaying;

public sealed class ReplayRunTests : IDisposable
{
    private const string Edited = """
        { "version": "1", "default": "deny", "tools": { "t": { "limits": [ { "counter": "c", "window": "hour", "max": 3 } ] } } }
        """;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Evaluates_plain_and_compressed_files_in_order()
    {
        Write(1, [.. Enumerable.Range(0, 3).Select(i => Line(i))], isPacked: true);
        Write(2, [.. Enumerable.Range(3, 2).Select(i => Line(i))]);

        var report = Run();

        Assert.Equal((5, 3, 2, 0), (report.Evaluated, report.Same, report.Changed, report.Unknown));
        Assert.Equal(("policy", 0), (report.Policy, report.Unreadable));
        var change = report.Changes[0];
        Assert.Equal(("g", "s", "t"), (change.Grant, change.Server, change.Tool));
        Assert.Equal("2026-11-01T10:00:03.000Z", change.Time);
        Assert.Equal(("allowed", "/tools/t"), (change.Before.Outcome, change.Before.Rule));
        Assert.Equal(("rate_limited", "/tools/t/limits/0"), (change.After.Outcome, change.After.Rule));
    }

    [Fact]
    public void Evaluates_the_calls_of_a_server_whatever_policy_decided_them_and_counts_them_by_tool()
    {
        const string two = """{ "version": "1", "default": "deny", "tools": { "t": { "action": "approve" } } }""";
        Write(1, [.. Enumerable.Range(0, 3).Select(i => Line(i))]);
        Write(2, [Line(3, "other")]);
        ReplayReport RunOf(string server, string? tool = null) => new ReplayRun(
            new ReplayRequest([new FolderSource(_folder.Path)], Policy(two)) { Server = server, Tool = tool })
            .Run(null, CancellationToken.None);

        var (report, other, tool) = (RunOf("s"), RunOf("elsewhere"), RunOf("s", "u"));

        Assert.Equal((4, 4), (report.Evaluated, report.Changed));
        Assert.Equal(4, report.Tools!["t"].Changed["approval_required"]);
        Assert.Equal((0, 0), (other.Evaluated, tool.Evaluated));
        Assert.Empty(tool.Tools!);
    }

    [Fact]
    public void Totals_by_tool_grant_and_transition_omit_no_call_and_a_shortened_log_is_reported()
    {
        Write(2,
        [
            .. Enumerable.Range(0, 8).Select(static i => Line(i)),
            Line(8).Replace("\"g\"", "\"other\"", StringComparison.Ordinal),
            Line(9).Replace("\"t\"", "\"u\"", StringComparison.Ordinal),
        ]);

        var report = New(null, "2026-11-01T09:00:00Z", """
            { "version": "1", "default": "deny", "tools": { "t": { "action": "approve" } } }
            """).Run(null, CancellationToken.None);

        Assert.Equal([("t", 9L), ("u", 1L)], report.ByTool.Select(static one => (one.Name, one.Changed)));
        Assert.Equal([("g", 9L), ("other", 1L)], report.ByGrant.Select(static one => (one.Name, one.Changed)));
        Assert.Equal(
            [("allowed → approval_required", 9L, 5), ("allowed → denied", 1L, 1)],
            report.ByTransition.Select(static one => (one.Name, one.Changed, one.Samples.Count)));
        Assert.Equal(1, report.ByGrant[0].Transitions["allowed → denied"]);
        Assert.Equal("2026-11-01T10:00:00.000Z", report.LogStarts);
    }

    [Fact]
    public void What_the_release_before_wrote_and_members_that_nobody_knows_are_read()
    {
        Write(1,
        [
            // As 1.0 wrote it: no session, and a member that a later one may add.
            """{"kind":"decision","time":"2026-11-01T10:00:00.000Z","callId":"00000000000000000000000000000001","grant":"g","server":"s","method":"tools/call","tool":"t","argumentKeys":[],"policy":"policy","policySha256":"x","outcome":"allowed","rule":"/tools/t","counters":[{"key":"g@s/c/grant/fixed/3600s/0","window":"2026-11-01T10:00:00.000Z","windowEnd":"2026-11-01T11:00:00.000Z","cost":"1","max":"10","used":"1","intervals":["0-1"]}],"later":{"deep":[1,{"a":null}]}}""",
            """{"kind":"later","time":"2026-11-01T10:00:00.000Z"}""",
            """{"kind":"outcome","time":"2026-11-01T10:00:01.000Z","callId":"00000000000000000000000000000001","later":1,"ended":"completed","status":200,"bytes":1,"durationMs":1,"counted":"counted"}""",
        ]);
        var report = Run();
        Assert.Equal((1, 1, 0), (report.Evaluated, report.Same, report.Unreadable));
    }

    [Fact]
    public void Counts_each_recorded_caller_and_does_not_know_its_claims()
    {
        const string perPerson = """
            { "version": "1", "default": "deny", "tools": { "t": {
              "limits": [ { "counter": "c", "window": "hour", "max": 1, "scope": "subject" } ] } } }
            """;
        const string byClaim = """
            { "version": "1", "default": "deny", "tools": { "t": {
              "require": [ { "path": "caller.claims.groups", "op": "has", "value": "a" } ] } } }
            """;
        Write(1, [.. new[] { "ana", "bob", "ana" }.Select((who, i) => Line(i).Replace(
            "\"server\":", $"\"caller\":\"{who}\",\"callerIssuer\":\"corp\",\"server\":", StringComparison.Ordinal))]);

        var report = Run(edited: perPerson);
        Assert.Equal((3, 2, 1, 0), (report.Evaluated, report.Same, report.Changed, report.Unknown));
        Assert.Equal(3, Run(edited: byClaim).Unknown);
    }

    [Theory]
    [InlineData("""{"kind":"decision","time":"2026-11-01T10:00:00.000Z","grant":"g","server":"s","meth""")]
    [InlineData("""{"kind":"decision","time":"soon","grant":"g"}""")]
    [InlineData("""{"kind":"decision","grant":"g","server":"s"}""")]
    [InlineData("""{"kind":"decision","time":"2026-11-01T10:00:00.000Z","grant":7,"counters":{"a":1},"limit":[],"argumentKeys":5}""")]
    [InlineData("""{"kind":"decision","time":{},"grant":"g"}""")]
    [InlineData("""{"kind":1}""")]
    [InlineData("""{"time":"2026-11-01T10:00:00.000Z"}""")]
    [InlineData("[]")]
    [InlineData("\u0000\u0001\u00ff")]
    public void A_line_that_is_no_record_is_counted_and_passed_over(string line)
    {
        Write(1, [Line(0), line, Line(1)]);
        var report = Run();
        Assert.Equal((2, 1), (report.Evaluated, report.Unreadable));
    }

    [Fact]
    public void A_compressed_file_that_was_cut_off_is_read_as_far_as_it_goes()
    {
        Write(1, [.. Enumerable.Range(0, 2000).Select(i => Line(i))], isPacked: true);
        var path = Path.Combine(_folder.Path, "audit-00000001.jsonl.gz");
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^2000]);
        Write(2, [Line(3000)]);
        var report = Run();
        Assert.InRange(report.Evaluated, 2, 2000);
    }

    [Fact]
    public void Where_several_policies_are_recorded_one_has_to_be_named()
    {
        Write(1, [Line(0), Line(1, "two"), Line(2)]);
        var unnamed = Run();
        Assert.Equal((0, null), (unnamed.Evaluated, unnamed.Policy));
        Assert.Equal(["policy", "two"], unnamed.Policies);
        Assert.Equal(2, Run("policy").Evaluated);
        Assert.Equal(1, Run("two").Evaluated);
        Assert.Equal(0, Run("three").Evaluated);
    }

    [Fact]
    public void Calls_before_the_start_time_are_counted_but_not_evaluated()
    {
        Write(1, [.. Enumerable.Range(0, 5).Select(i => Line(i))]);
        var report = Run(since: "2026-11-01T10:00:03Z");
        Assert.Equal((2, 2), (report.Evaluated, report.Changed));
    }

    [Fact]
    public void A_new_counter_is_undetermined_when_the_oldest_files_are_gone()
    {
        Write(2, [.. Enumerable.Range(0, 2).Select(i => Line(i))]);
        var report = Run();
        Assert.Equal((2, 2), (report.Evaluated, report.Unknown));
        Assert.Equal(["the usage before the first recorded call is not known"], report.Causes.Keys);
    }

    [Fact]
    public void A_flood_that_was_only_counted_is_undetermined()
    {
        Write(1, [Line(0), """{"kind":"folded","time":"2026-11-01T10:00:09.000Z","grant":"g","server":"s","outcome":"rate_limited","rule":"/x","decisions":40,"since":"2026-11-01T10:00:01.000Z","until":"2026-11-01T10:00:09.000Z"}"""]);
        var report = Run();
        Assert.Equal((41, 1, 40), (report.Evaluated, report.Same, report.Unknown));
    }

    [Fact]
    public void The_records_of_several_frontends_are_read_as_one_in_their_order()
    {
        using var other = new TestFolder();
        Write(1, [Line(0), Line(2), Line(4)]);
        Write(1, [Line(1), Line(3), Line(5)], folder: other.Path);

        var report = new ReplayRun(new ReplayRequest(
            [new FolderSource(_folder.Path), new FolderSource(other.Path)], Policy()))
            .Run(null, CancellationToken.None);

        Assert.Equal((6, 3, 3, 0), (report.Evaluated, report.Same, report.Changed, report.Unknown));
        Assert.Equal(
            ["2026-11-01T10:00:03.000Z", "2026-11-01T10:00:04.000Z", "2026-11-01T10:00:05.000Z"],
            report.Changes.Select(static change => change.Time));
    }

    [Fact]
    public async Task What_one_frontend_sends_another_reads_as_it_lies_in_its_files()
    {
        Write(1, [.. Enumerable.Range(0, 5).Select(i => Line(i))]);
        using var sent = await SendAsync();

        using var source = new StreamSource(sent, new ArgumentOpener(new EphemeralDataProtectionProvider(), 0));
        var report = new ReplayRun(new ReplayRequest([source], Policy())).Run(null, CancellationToken.None);

        Assert.Equal(("here", true), (source.Instance, source.HasAll));
        Assert.Equal((5, 3, 2, 0), (report.Evaluated, report.Same, report.Changed, report.Unreadable));
    }

    [Fact]
    public async Task A_record_that_breaks_off_on_its_way_is_no_end_of_it()
    {
        Write(1, [.. Enumerable.Range(0, 5).Select(i => Line(i))]);
        using var sent = await SendAsync();
        using var cut = new MemoryStream(sent.ToArray()[..^60]);

        using var source = new StreamSource(cut, new ArgumentOpener(new EphemeralDataProtectionProvider(), 0));
        var broken = Assert.Throws<IOException>(
            () => new ReplayRun(new ReplayRequest([source], Policy())).Run(null, CancellationToken.None));

        Assert.Contains("ended early", broken.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<!doctype html>\n")]
    [InlineData("{\"kind\":\"recording\",\n")]
    [InlineData("{\"items\":[]}\n")]
    public void What_is_no_record_of_a_frontend_is_refused(string sent)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(sent));
        Assert.Throws<IOException>(
            () => new StreamSource(stream, new ArgumentOpener(new EphemeralDataProtectionProvider(), 0)));
    }

    [Fact]
    public void It_can_be_cancelled_and_says_how_far_it_is()
    {
        Write(1, [.. Enumerable.Range(0, 20_000).Select(i => Line(i))]);
        using var cancel = new CancellationTokenSource();
        var seen = new List<ReplayProgress>();
        Assert.Throws<OperationCanceledException>(() => New(null).Run(
            at =>
            {
                seen.Add(at);
                cancel.Cancel();
            },
            cancel.Token));
        var only = Assert.Single(seen);
        Assert.InRange(only.Bytes, 1, only.BytesTotal);
    }

    private static CompiledPolicy Policy(string edited = Edited) =>
        PolicyLoader.Load(Encoding.UTF8.GetBytes(edited), "p").Policy!;

    private static string Line(int second, string policy = "policy") => $$"""
        {"kind":"decision","time":"{{new DateTime(2026, 11, 1, 10, 0, 0, DateTimeKind.Utc).AddSeconds(second):yyyy-MM-ddTHH:mm:ss.fffZ}}","callId":"{{second:x32}}","grant":"g","server":"s","method":"tools/call","tool":"t","argumentKeys":[],"session":null,"policy":"{{policy}}","policySha256":"x","outcome":"allowed","rule":"/tools/t"}
        """;

    private async Task<MemoryStream> SendAsync()
    {
        using var source = new FolderSource(_folder.Path);
        var sent = new MemoryStream();
        await RecordStream.SendAsync(source, "here", 0, sent, CancellationToken.None);
        sent.Position = 0;
        return sent;
    }

    private void Write(int number, string[] lines, bool isPacked = false, string? folder = null)
    {
        var path = Path.Combine(folder ?? _folder.Path, $"audit-{number:D8}.jsonl{(isPacked ? ".gz" : "")}");
        using Stream file = File.Create(path);
        using var to = isPacked ? new GZipStream(file, CompressionLevel.Fastest) : file;
        to.Write(Encoding.UTF8.GetBytes(string.Concat(lines.Select(static line => line + "\n"))));
    }

    private ReplayReport Run(string? policy = null, string? since = null, string edited = Edited) =>
        New(policy, since, edited).Run(null, CancellationToken.None);

    private ReplayRun New(string? policy, string? since = null, string edited = Edited) => new(new ReplayRequest(
        [new FolderSource(_folder.Path)], Policy(edited))
    {
        Policy = policy,
        SinceMs = since is null ? 0
            : DateTimeOffset.Parse(since, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds(),
    });
}
