namespace Gateway.Server.Tests.Processes;

/// <summary>Nothing is served over a damaged journal, and what <c>--repair</c> makes of it admits no more.</summary>
public sealed class RepairTests() : OneServerTest(Policy)
{
    private const string Policy = """
        { "version": "1", "default": "deny", "tools": {
          "long_a": { "limits": [ { "counter": "a", "window": "month", "max": 100 } ] },
          "long_b": { "limits": [ { "counter": "b", "window": "month", "max": 100 } ] },
          "brief": { "limits": [ { "counter": "c", "window": "second", "max": 100 } ] } } }
        """;

    [Fact]
    public async Task Serves_nothing_over_a_damaged_journal_until_it_is_repaired_and_then_no_window_that_had_begun()
    {
        await using (var sound = await GatewayProcess.StartAsync(Config, Data))
        {
            foreach (var tool in (string[])["long_a", "long_b", "brief"])
                Assert.Contains("done", await CallAsync(sound, tool), StringComparison.Ordinal);
            await sound.KillAsync();
        }

        await FlipAsync(offset: 40);
        var cli = new Cli(Folder);
        var refused = await cli.RunAsync("run", "--config", Config, "--data", Data, "--listen", "http://127.0.0.1:0");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("--repair", refused.Errors, StringComparison.Ordinal);

        await using var repaired = await GatewayProcess.StartAsync(Config, Data, "--repair");

        Assert.True(File.Exists(Journal + ".damaged"));
        foreach (var tool in (string[])["long_a", "long_b"])
            Assert.Contains("(engine unavailable)", await CallAsync(repaired, tool), StringComparison.Ordinal);
        while (!(await CallAsync(repaired, "brief")).Contains("done", StringComparison.Ordinal))
            await Task.Yield();
        Assert.Equal(4, Server.Requests.Count);
    }

    [Fact]
    public async Task Changes_nothing_of_a_sound_journal_and_says_where_there_is_none()
    {
        var cli = new Cli(Folder);
        var none = await cli.RunAsync("run", "--config", Config, "--data", Data, "--repair");
        Assert.Equal(2, none.ExitCode);
        Assert.Contains("no journal to repair", none.Errors, StringComparison.Ordinal);
        var shared = await cli.RunAsync("run", "--config", Config, "--repair", "--store", "postgres://127.0.0.1:1/x");
        Assert.Equal(2, shared.ExitCode);
        Assert.Contains("--repair needs a journal", shared.Errors, StringComparison.Ordinal);
        await using (var first = await GatewayProcess.StartAsync(Config, Data))
        {
            await CallAsync(first, "long_a");
            await first.KillAsync();
        }

        await using var again = await GatewayProcess.StartAsync(Config, Data, "--repair");

        Assert.Contains("done", await CallAsync(again, "long_a"), StringComparison.Ordinal);
        Assert.False(File.Exists(Journal + ".damaged"));
    }

    private static async Task<string> CallAsync(GatewayProcess gateway, string tool)
    {
        using var client = gateway.Client();
        using var content = new StringContent(
            $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{{tool}}}"}}""",
            new MediaTypeHeaderValue("application/json"));
        using var response = await client.PostAsync("", content);
        return await response.Content.ReadAsStringAsync();
    }

    private async Task FlipAsync(int offset)
    {
        var bytes = await File.ReadAllBytesAsync(Journal);
        bytes[offset] ^= 1;
        await File.WriteAllBytesAsync(Journal, bytes);
    }
}
