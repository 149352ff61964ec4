using System.Diagnostics.Metrics;
using Gateway.Control.Telemetry;

namespace Gateway.Control.Memory;

/// <summary>The metrics of the memory that requests and responses hold.</summary>
public sealed class MemoryMetrics : IDisposable
{
    private readonly Meter _meter;

    /// <summary>Creates the instruments.</summary>
    public MemoryMetrics(IMeterFactory factory)
    {
        _meter = factory.Create(MeterNames.Servers);
        Refused = _meter.CreateCounter<long>(
            "gateway.memory.refused",
            description: "Requests and responses refused for lack of memory, by purpose and by the bound that was "
                + "reached.");
        Waited = _meter.CreateCounter<long>(
            "gateway.memory.waits", description: "Requests and responses that had to wait for memory.");
    }

    internal Counter<long> Refused { get; }

    internal Counter<long> Waited { get; }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    internal void Watch(MemoryBudget budget)
    {
        _meter.CreateObservableGauge(
            "gateway.memory.held", () => budget.Held, "By",
            "Memory that requests, arguments and responses use now.");
        _meter.CreateObservableGauge(
            "gateway.memory.max", () => budget.Options.AllMax, "By", "Maximum of the memory that requests, arguments "
                + "and responses may use.");
    }
}
