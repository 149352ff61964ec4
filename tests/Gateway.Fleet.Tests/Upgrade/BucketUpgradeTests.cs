namespace Gateway.Fleet.Tests.Upgrade;

/// <summary>Of a version with buckets and limits by value.</summary>
public abstract class BucketUpgradeTests(string version) : UpgradeTests(version)
{
    /// <summary>
    /// Of a bucket of five three were taken, of two calls to ann two, to bob one; there may be two values.
    /// </summary>
    private protected override async Task AssertCountsAsync(
        UpgradeBench bench, GatewayProcess gateway, TimeSpan since, bool isSameMonth)
    {
        // It refills by five in 30 days, and may have reached the next one just now.
        var least = Math.Min(5, 2 + (int)(since.TotalDays / 6));
        var drips = 0;
        while (drips < 10 && IsDone(await CallAsync("drip"))) drips++;
        Assert.InRange(drips, least, least + 1);
        Assert.Equal(!isSameMonth, IsDone(await CallAsync("write_to", "ann")));
        Assert.True(IsDone(await CallAsync("write_to", "bob")));
        Assert.Contains("(too many values)", await CallAsync("write_to", "eve"));

        async Task<string> CallAsync(string tool, string to = "") =>
            (await bench.CallAsync(gateway, "bot", tool, $$"""{"to":"{{to}}"}""")).Body;
    }

    private static bool IsDone(string answer) => answer.Contains("\"done\"", StringComparison.Ordinal);
}
