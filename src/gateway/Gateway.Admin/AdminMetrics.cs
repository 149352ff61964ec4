using System.Diagnostics.Metrics;
using Gateway.Control.Telemetry;

namespace Gateway.Admin;

/// <summary>Metrics of the admin API.</summary>
internal sealed class AdminMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _refusals;

    public AdminMetrics(IMeterFactory factory)
    {
        // Hosts collect the meter by this name, so it must not change.
        _meter = factory.Create(MeterNames.Gateway);
        _refusals = _meter.CreateCounter<long>(
            "gateway.admin.refusals", description: "Requests to the admin API without a valid key, by problem.");
    }

    /// <summary>Counts a request that was refused because of its key.</summary>
    public void Refused(string reason) => _refusals.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void Dispose() => _meter.Dispose();
}
