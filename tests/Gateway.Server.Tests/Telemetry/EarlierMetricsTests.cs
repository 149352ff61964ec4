namespace Gateway.Server.Tests.Telemetry;

/// <summary>The metrics that dashboards and alerts of an earlier version read.</summary>
public sealed class EarlierMetricsTests
{
    /// <summary>
    /// The same script, with the same calls, ran with that version: <c>tests/upgrade/make.sh</c> wrote what it served.
    /// </summary>
    [Theory]
    [InlineData("b9f1a56")]
    public async Task Families_types_and_labels_of_an_earlier_version_are_still_served(string version)
    {
        using var folder = new TestFolder("gateway-metrics-");
        var gateway = Path.Combine(folder.Path, "gateway");
        var command = string.Join(' ', Programs.Command(Programs.Gateway).Select(static one => $"'{one}'"));
        await File.WriteAllTextAsync(gateway, $"#!/bin/sh\nexec {command} \"$@\"\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(gateway, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        using var made = Process.Start(new ProcessStartInfo(
            SourceTree.PathOf("tests", "upgrade", "make.sh"), [gateway, folder.Path])
        {
            Environment = { ["PORT"] = $"{Ports.Free()}", ["UPSTREAM_PORT"] = $"{Ports.Free()}" },
        })!;
        await made.WaitForExitAsync().WaitAsync(Soon.AtMost);
        Assert.Equal(0, made.ExitCode);

        var served = await File.ReadAllLinesAsync(Path.Combine(folder.Path, "metrics.txt"));
        var before = await File.ReadAllLinesAsync(SourceTree.PathOf("tests", "upgrade", version, "metrics.txt"));

        Assert.Contains("# TYPE gateway_decisions_total counter", before);
        Assert.Contains("gateway_decisions_total{outcome,server,tool}", before);
        Assert.Empty(before.Except(served));
    }
}
