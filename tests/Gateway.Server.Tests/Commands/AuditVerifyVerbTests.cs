namespace Gateway.Server.Tests.Commands;

/// <summary>What <c>gateway audit verify</c> says and exits with.</summary>
public sealed class AuditVerifyVerbTests
{
    [Fact]
    public async Task Proves_a_stopped_gateways_record_and_finds_what_was_changed_in_it()
    {
        using var folder = new TestFolder();
        var audit = folder.Path + "/audit";
        await using (var bench = await AdminBench.StartAsync())
        {
            var token = await bench.ProvideAsync();
            for (var i = 0; i < 8; i++)
                await bench.CallAsync(token);
            await bench.Host.DisposeAsync();
            Copy(bench.Folder + "/data/audit", audit);
        }

        var cli = new Cli(folder.Path);
        var kept = folder.Path + "/kept";
        File.Copy(audit + "/evidence/checkpoint", kept);
        var (sound, json) = (await cli.RunAsync("audit", "verify", "--data", folder.Path, "--checkpoint", kept),
            await cli.RunAsync("audit", "verify", "--data", audit, "--key", audit + "/evidence/key.pem", "--json"));

        Assert.Equal((0, 0), (sound.ExitCode, json.ExitCode));
        Assert.StartsWith("sound: ", sound.Output, StringComparison.Ordinal);
        Assert.Contains("; 0 later records unproved", sound.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("stored elsewhere confirms", sound.Output, StringComparison.Ordinal);
        var report = JsonNode.Parse(json.Output)!;
        Assert.Equal(("sound", "named"), ((string?)report["result"], (string?)report["keysFrom"]));
        var records = File.ReadAllLines(audit + "/audit-00000001.jsonl");
        Assert.Equal(records.Length, (int)report["proved"]!);

        records[3] = records[3].Replace("\"grant\":\"bot\"", "\"grant\":\"b0t\"", StringComparison.Ordinal);
        File.WriteAllLines(audit + "/audit-00000001.jsonl", [.. records[..3], records[3] + " ", .. records[4..]]);
        var broken = await cli.RunAsync("audit", "verify", "--data", folder.Path);
        Assert.Equal(1, broken.ExitCode);
        Assert.StartsWith("BROKEN: ", broken.Output, StringComparison.Ordinal);
        Directory.Delete(audit + "/evidence", recursive: true);
        Assert.Equal(4, (await cli.RunAsync("audit", "verify", "--data", folder.Path)).ExitCode);
    }

    [Fact]
    public async Task A_running_gateway_compares_its_own()
    {
        await using var bench = await AdminBench.StartAsync();
        await bench.CallAsync(await bench.ProvideAsync());
        var cli = new Cli(bench.Folder, new Uri(bench.Host.Addresses[0]), bench.AdminKey);

        var run = await cli.RunAsync("audit", "verify", "--json");
        var other = bench.Folder + "/other";
        File.WriteAllText(other, "policy-gateway/audit/abc\n7\n" + Convert.ToBase64String(new byte[32])
            + "\nwriter abc\ntime 2026-01-01T00:00:00Z\nwhy stop\nfrom 1 0\nto 1 7\n\n");
        var unrelated = await cli.RunAsync("audit", "verify", "--checkpoint", other);

        // The first checkpoint says where the chain begins, and the next one is a minute away.
        Assert.Equal(4, run.ExitCode);
        var report = JsonNode.Parse(run.Output)!;
        Assert.Equal(("nothing_to_compare", 1), ((string?)report["result"], (int)report["checkpoints"]!));
        Assert.Contains("written after the last "
            + "checkpoint", (string?)report["parts"]!.AsArray()[^1]!["says"], StringComparison.Ordinal);
        Assert.Equal(1, unrelated.ExitCode);
        Assert.Contains("another gateway's log", unrelated.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_what_cannot_be_read()
    {
        using var folder = new TestFolder();
        var cli = new Cli(folder.Path);
        Directory.CreateDirectory(folder.Path + "/audit/evidence");
        File.WriteAllText(folder.Path + "/text", "nothing");

        var nothing = await cli.RunAsync("audit", "verify", "--data", folder.Path + "/none");
        var outside = await cli.RunAsync(
            "audit", "verify", "--data", folder.Path, "--checkpoint", folder.Path + "/text");
        var key = await cli.RunAsync("audit", "verify", "--data", folder.Path, "--key", folder.Path + "/text");
        var unasked = await cli.RunAsync("audit", "verify", "--key", folder.Path + "/text");
        var away = await cli.RunAsync("audit", "verify");

        Assert.Equal(
            [2, 2, 2, 2, 3],
            new[] { nothing, outside, key, unasked, away }.Select(static run => run.ExitCode));
        Assert.Contains("has no audit log", nothing.Errors, StringComparison.Ordinal);
        Assert.Contains("contains no checkpoint", outside.Errors, StringComparison.Ordinal);
        Assert.Contains("it contains no key", key.Errors, StringComparison.Ordinal);
        Assert.Contains("--key needs --data", unasked.Errors, StringComparison.Ordinal);
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var path in Directory.GetFiles(from).Where(static path => Path.GetFileName(path) != "lock"))
            File.Copy(path, Path.Combine(to, Path.GetFileName(path)));
        foreach (var path in Directory.GetDirectories(from))
            Copy(path, Path.Combine(to, Path.GetFileName(path)));
    }
}
