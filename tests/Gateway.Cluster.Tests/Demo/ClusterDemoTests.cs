using Gateway.Cluster.Demo;

namespace Gateway.Cluster.Tests.Demo;

/// <summary>The demo with real processes, and that it would see a call too many.</summary>
public sealed class ClusterDemoTests
{
    [Fact]
    public async Task The_limit_holds_though_the_silo_that_owns_the_counter_is_killed()
    {
        var (code, lines) = await RunAsync(killed: null);

        var all = string.Join('\n', lines);
        Assert.True(code == 0, all);
        Assert.Matches("^([6-9]|10) admitted, (1[5-9]) rate-limited, 1 denied$", lines[^2]);
        Assert.Equal("over: 0", lines[^1]);
        var kill = Array.FindIndex(
            lines, static line => line.EndsWith(", which owns the counter, is killed", StringComparison.Ordinal));
        Assert.Equal(5, lines[..kill].Count(static line => line.Contains("  admitted  ", StringComparison.Ordinal)));
        Assert.Contains(lines[kill..], static line => line.Contains("  admitted  ", StringComparison.Ordinal));
    }

    /// <summary>Without a durable reservation the next owner begins at nothing; the demo has to notice.</summary>
    [Trait("run", "full")]
    [Fact]
    public async Task Calls_too_many_are_seen_where_reservations_are_forgotten()
    {
        var (code, lines) = await RunAsync(static store =>
        {
            foreach (var reservation in Directory.GetFiles(store, "reservation-*"))
                File.WriteAllBytes(reservation, []);
        });

        Assert.Equal(1, code);
        Assert.Matches("^over: [1-5]$", lines[^1]);
    }

    private static async Task<(int Code, string[] Lines)> RunAsync(Action<string>? killed)
    {
        using var output = new StringWriter();
        var demo = new ClusterDemo(output, TimeProvider.System)
        {
            Program = Programs.Command(Programs.Cluster),
            Killed = killed,
        };
        var code = await demo.RunAsync(once: true, CancellationToken.None);
        return (code, output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
