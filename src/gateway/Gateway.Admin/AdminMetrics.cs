using System.Diagnostics.Metrics;
using Gateway.Control.Telemetry;

namespace Gateway.Admin;

/// <summary>What the admin API says of itself in numbers.</summary>
internal sealed class AdminMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _refusals;

    public AdminMetrics(IMeterFactory factory)
    {
        // The name under which it was always told; hosts collect it by that.
        _meter = factory.Create(MeterNames.Gateway);
        _refusals = _meter.CreateCounter<long>(
            "gateway.admin.refusals", description: "Requests to the admin API without its key, by what was wrong.");
    }

    /// <summary>Counts a request that was refused for its key.</summary>
    public void Refused(string reason) => _refusals.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void Dispose() => _meter.Dispose();
}
