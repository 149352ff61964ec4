namespace Gateway.Server.Tests.Telemetry;

/// <summary>
/// A test that asks Prometheus' own checker; where everything has to be there, a missing one makes it fail.
/// </summary>
internal sealed class PromtoolFactAttribute : FactAttribute
{
    public PromtoolFactAttribute()
    {
        var isThere = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, "promtool")));
        if (!isThere && Environment.GetEnvironmentVariable("GATEWAY_REQUIRE_ALL") != "1")
            Skip = "needs promtool: install Prometheus";
    }
}
