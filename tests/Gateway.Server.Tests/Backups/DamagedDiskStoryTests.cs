namespace Gateway.Server.Tests.Backups;

/// <summary>
/// A machine dies and its disk returns damaged bytes: the journal, two documents and a record of the audit log. An
/// operator brings the gateway back by what it prints, and no limit admits a call too many.
/// </summary>
public sealed class DamagedDiskStoryTests : IAsyncLifetime, IDisposable
{
    private const string AdminKey = "pgwadm_of_the_damaged_disk_story_0123456789012345";
    private const int Max = 5;
    private readonly TestFolder _folder = new("gateway-disk-");
    private RecordingServer _server = null!;

    private string Data => Path.Combine(_folder.Path, "data");

    private string Config => Path.Combine(_folder.Path, "gateway.json");

    public async Task InitializeAsync()
    {
        _server = await RecordingServer.StartAsync();
        _folder.File("gateway.json", $$"""{ "admin": { "key": "{{AdminKey}}" } }""");
        _folder.File("policy.json", $$"""
            { "version": "1", "default": "deny",
              "tools": { "send": { "limits": [ { "counter": "sent", "window": "month", "max": {{Max}} } ] } } }
            """);
        _folder.File("passphrase", "correct horse battery staple");
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Damaged_disk_is_repaired_and_restored_by_what_the_program_prints()
    {
        var tokens = await LiveAsync();
        FlipByte(Path.Combine(Data, "limits", "journal"), 0.5);
        await File.WriteAllTextAsync(Path.Combine(Data, "control", "grants", "lost.json"), """{"name":"lost",""");
        await File.WriteAllBytesAsync(Path.Combine(Data, "control", "policies", "lost.json"), new byte[300]);
        FlipByte(Directory.GetFiles(Path.Combine(Data, "audit"), "audit-*.jsonl").Single(), 0.4);

        // The start names the damage of the counters and the way out, with the code that no service manager retries.
        var refused = await RunAsync(2, "run", "--config", Config, "--data", Data, "--listen", "http://127.0.0.1:0");
        Assert.Matches("[1-9][0-9]* bytes at offset [0-9]+ are damaged", refused.Errors);
        Assert.Contains("--repair", refused.Errors, StringComparison.Ordinal);

        await using (var gateway = await StartAsync("--repair"))
        {
            var status = await RunAsync(0, gateway, "status");
            Assert.Matches("policies/lost in the control store is not active.*damaged", status.Output);
            Assert.Matches("grants/lost in the control store is not active.*damaged", status.Output);
            // The window of the month had begun, so no call of it is admitted, whatever is left of the counts.
            foreach (var token in tokens.Values)
                await RefusedAsync(gateway, token);
            // The grant that was paused before the damage is so still.
            var grants = await RunAsync(0, gateway, "grant", "list");
            Assert.Matches(@"paused +paused", grants.Output);
            await StopAsync(gateway);
        }

        // The damaged span of the record, between two checkpoints, is named; what follows it is proved.
        var verified = await RunAsync(1, "audit", "verify", "--data", Data);
        Assert.Matches("broken +1:[0-9]+ +1:[0-9]+ +[0-9]+ ", verified.Output);
        Assert.Matches("proved +1:[0-9]+ +1:[0-9]+ +[0-9]+ ", verified.Output);

        var repaired = await RunAsync(0, "repair", "--data", Data);
        Assert.Contains("grants/lost: moved to", repaired.Output, StringComparison.Ordinal);
        Assert.Contains("policies/lost: moved to", repaired.Output, StringComparison.Ordinal);
        await RunAsync(
            0, "restore", "--data", Data, "--replace", "--passphrase-file", "passphrase", "before.backup");

        await using var restored = await StartAsync();
        // The grant that was revoked after the backup stays so by the audit log; the damaged one is back.
        await RunAsync(0, restored, "resume", "--all");
        var list = await RunAsync(0, restored, "grant", "list");
        Assert.Matches(@"lost +(active|paused)", list.Output);
        foreach (var token in tokens.Values)
            await RefusedAsync(restored, token);
        Assert.Equal(4, _server.Requests.Count(
            static request => request.Text.Contains("tools/call", StringComparison.Ordinal)));
    }

    /// <summary>Four calls, a backup, a grant revoked after it, and a death; the tokens by grant.</summary>
    private async Task<Dictionary<string, string>> LiveAsync()
    {
        var tokens = new Dictionary<string, string>();
        await using var gateway = await StartAsync();
        await RunAsync(0, gateway, "server", "add", "crm", _server.Url);
        foreach (var policy in (string[])["support", "lost"])
            await RunAsync(0, gateway, "policy", "set", policy, "policy.json");
        foreach (var (grant, policy) in ((string, string)[])
            [("bot", "support"), ("lost", "lost"), ("gone", "support"), ("paused", "support")])
        {
            var made = await RunAsync(0, gateway, "grant", "create", grant, "--server", $"crm={policy}");
            tokens[grant] = Regex.Match(made.Output, "pgw_[A-Za-z0-9_-]{43}").Value;
        }

        await RunAsync(0, gateway, "grant", "pause", "paused");
        foreach (var grant in (string[])["bot", "bot", "lost"])
            Assert.Contains("done", await CallAsync(gateway, tokens[grant]), StringComparison.Ordinal);
        await RunAsync(0, "backup", "--data", Data, "--passphrase-file", "passphrase", "before.backup");
        Assert.Contains("done", await CallAsync(gateway, tokens["bot"]), StringComparison.Ordinal);
        await RunAsync(0, gateway, "grant", "revoke", "gone");
        await StopAsync(gateway);
        return tokens;
    }

    private Task<GatewayProcess> StartAsync(params string[] more) => GatewayProcess.StartAsync(Config, Data, more);

    // With its last checkpoint written, so that damage of the record can be told from its end.
    private static async Task StopAsync(GatewayProcess gateway)
    {
        gateway.Terminate();
        await gateway.WaitForExitAsync();
    }

    private Task<CliRun> RunAsync(int code, params string[] arguments) => RunAsync(code, null, arguments);

    private async Task<CliRun> RunAsync(int code, GatewayProcess? gateway, params string[] arguments)
    {
        var run = await new Cli(_folder.Path, gateway?.Address, AdminKey).RunAsync(arguments);
        Assert.True(run.ExitCode == code, $"{string.Join(' ', arguments)}: {run.ExitCode}\n{run.Output}{run.Errors}");
        return run;
    }

    private async Task RefusedAsync(GatewayProcess gateway, string token)
    {
        var before = _server.Requests.Count;
        Assert.DoesNotContain("done", await CallAsync(gateway, token), StringComparison.Ordinal);
        Assert.Equal(before, _server.Requests.Count);
    }

    private static async Task<string> CallAsync(GatewayProcess gateway, string token)
    {
        using var client = gateway.Client(token);
        using var content = new StringContent(
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"send","arguments":{}}}""",
            new MediaTypeHeaderValue("application/json"));
        using var response = await client.PostAsync(new Uri(gateway.Address, "/mcp/crm"), content);
        return await response.Content.ReadAsStringAsync();
    }

    private static void FlipByte(string file, double at)
    {
        var bytes = File.ReadAllBytes(file);
        bytes[(int)(bytes.Length * at)] ^= 1;
        File.WriteAllBytes(file, bytes);
    }
}
