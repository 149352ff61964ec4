using System.Buffers.Binary;

namespace Gateway.Server.Tests.Processes;

/// <summary>A journal of a real process, cut at the end of a frame, so that every frame in it is sound.</summary>
public sealed class CutJournalTests() : OneServerTest(Policy)
{
    private const int Calls = 60;
    private const int FileHead = 16;
    private const int FrameHead = 16;

    private const string Policy = """
        { "version": "1", "default": "deny", "tools": {
          "pay": { "limits": [ { "counter": "pays", "window": "month", "max": 1000 } ] } } }
        """;

    [Fact]
    public async Task Is_not_started_over_and_begins_after_a_repair_without_the_windows_that_had_begun()
    {
        await using (var gateway = await GatewayProcess.StartAsync(Config, Data))
        {
            for (var call = 0; call < Calls; call++)
                Assert.Contains("done", await CallAsync(gateway), StringComparison.Ordinal);
            await Soon.UntilAsync(IsSaidWholly, "its length is said");
            await gateway.KillAsync();
        }

        var whole = await File.ReadAllBytesAsync(Journal);
        var ends = Ends(whole);
        Assert.InRange(ends.Count, 3, int.MaxValue);
        foreach (var end in (int[])[ends[^2], ends[ends.Count / 2], ends[0], FileHead, 0])
        {
            await File.WriteAllBytesAsync(Journal, whole[..end]);
            await RefusesAsync();
        }

        File.Delete(Journal);
        await RefusesAsync();
        await File.WriteAllBytesAsync(Journal, whole[..ends[^2]]);

        await using var repaired = await GatewayProcess.StartAsync(Config, Data, "--repair");

        Assert.Contains("(engine unavailable)", await CallAsync(repaired), StringComparison.Ordinal);
        Assert.True(File.Exists(Journal + ".damaged"));
        Assert.Equal(Calls, Server.Requests.Count);
    }

    [Fact]
    public async Task Is_started_over_after_a_kill_that_tore_its_last_frame()
    {
        await using (var gateway = await GatewayProcess.StartAsync(Config, Data))
        {
            Assert.Contains("done", await CallAsync(gateway), StringComparison.Ordinal);
            await Soon.UntilAsync(IsSaidWholly, "its length is said");
            await gateway.KillAsync();
        }

        // What a kill leaves of a frame that was being written.
        var whole = await File.ReadAllBytesAsync(Journal);
        var last = Ends(whole)[^2];
        await File.AppendAllBytesAsync(Journal, whole[last..^7]);

        await using var again = await GatewayProcess.StartAsync(Config, Data);

        Assert.Contains("done", await CallAsync(again), StringComparison.Ordinal);
    }

    private bool IsSaidWholly() => File.ReadAllText(Journal + ".length")
        .Contains($"bytes {new FileInfo(Journal).Length} ", StringComparison.Ordinal);

    private async Task RefusesAsync()
    {
        var refused = await new Cli(Folder).RunAsync(
            "run", "--config", Config, "--data", Data, "--listen", "http://127.0.0.1:0");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("--repair", refused.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", refused.Errors, StringComparison.Ordinal);
    }

    private static List<int> Ends(byte[] journal)
    {
        var ends = new List<int>();
        for (var at = FileHead; at < journal.Length;)
        {
            at += FrameHead + BinaryPrimitives.ReadInt32LittleEndian(journal.AsSpan(at + 4));
            ends.Add(at);
        }

        return ends;
    }

    private static async Task<string> CallAsync(GatewayProcess gateway)
    {
        using var client = gateway.Client();
        using var content = new StringContent(
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"pay"}}""",
            new MediaTypeHeaderValue("application/json"));
        using var response = await client.PostAsync("", content);
        return await response.Content.ReadAsStringAsync();
    }
}
