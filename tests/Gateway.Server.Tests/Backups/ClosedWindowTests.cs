namespace Gateway.Server.Tests.Backups;

/// <summary>Windows that a restore closed, because their counts are not in a backup.</summary>
public sealed class ClosedWindowTests
{
    [Fact]
    public async Task A_reset_opens_a_window_that_a_restore_closed()
    {
        await using var bench = await AdminBench.StartAsync();
        var token = await bench.ProvideAsync();
        await ResetAsync(bench);
        await bench.CallAsync(token);
        Assert.Equal(1, bench.Server.Calls["list_customers"]);
        var data = Path.Combine(bench.Folder, "data");
        await RunAsync(bench, "backup", "gateway.backup", "--data", data, "--unencrypted");
        await File.WriteAllTextAsync(Path.Combine(bench.Folder, "none"), "");
        await RunAsync(bench, "restore", "gateway.backup", "--data", "restored", "--revoked", "none");
        await bench.RestartAsync(
            () =>
            {
                Directory.Move(data, Path.Combine(bench.Folder, "old"));
                Directory.Move(Path.Combine(bench.Folder, "restored"), data);
            },
            TimeProvider.System);

        await bench.CallAsync(token);
        Assert.Equal(1, bench.Server.Calls["list_customers"]);
        // A reset in the second of the start opens nothing.
        await Soon.UntilAsync(
            async () =>
            {
                await ResetAsync(bench);
                await bench.CallAsync(token);
                return bench.Server.Calls["list_customers"] == 2;
            },
            "a reset opens the window");
    }

    private static async Task ResetAsync(AdminBench bench)
    {
        var counter = (await bench.SendAsync("GET", "counters?grant=bot")).Json!["items"]!.AsArray().Single()!;
        var reset = await bench.SendAsync(
            "POST", "counters/reset", new JsonObject { ["key"] = (string?)counter["key"] });
        Assert.Equal(200, reset.Status);
    }

    private static async Task RunAsync(AdminBench bench, params string[] arguments)
    {
        var run = await new Cli(bench.Folder).RunAsync(arguments);
        Assert.True(run.ExitCode == 0, run.Errors);
    }
}
