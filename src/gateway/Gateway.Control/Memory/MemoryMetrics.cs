using System.Diagnostics.Metrics;
using Gateway.Control.Telemetry;

namespace Gateway.Control.Memory;

/// <summary>What the gateway says of the memory that requests and answers hold.</summary>
public sealed class MemoryMetrics : IDisposable
{
    private readonly Meter _meter;

    /// <summary>Makes the instruments.</summary>
    public MemoryMetrics(IMeterFactory factory)
    {
        _meter = factory.Create(MeterNames.Servers);
        Refused = _meter.CreateCounter<long>(
            "gateway.memory.refused",
            description: "Requests and answers that got no memory, by what it was for and whose bound was reached.");
        Waited = _meter.CreateCounter<long>(
            "gateway.memory.waits", description: "Requests and answers that had to wait for memory.");
    }

    internal Counter<long> Refused { get; }

    internal Counter<long> Waited { get; }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    internal void Watch(MemoryBudget budget)
    {
        _meter.CreateObservableGauge(
            "gateway.memory.held", () => budget.Held, "By",
            "Memory that requests, arguments and answers hold now, as it is counted.");
        _meter.CreateObservableGauge(
            "gateway.memory.max", () => budget.Options.AllMax, "By", "The most of it that all together may hold.");
    }
}
