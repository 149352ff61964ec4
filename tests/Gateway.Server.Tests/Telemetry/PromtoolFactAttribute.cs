namespace Gateway.Server.Tests.Telemetry;

/// <summary>
/// A test that asks Prometheus' own checker; where everything has to be there, a missing one makes it fail.
/// </summary>
internal sealed class PromtoolFactAttribute : FactAttribute
{
    public PromtoolFactAttribute() => Skip = Requirements.SkipWithout(
        SearchPath.Has("promtool") ? null : "needs promtool: install Prometheus");
}
