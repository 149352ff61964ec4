using System.Diagnostics.Metrics;
using Gateway.Acquire.Messages;
using Gateway.Control.Telemetry;

namespace Gateway.Acquire.Deciding;

internal sealed class AcquireMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _requests;

    public AcquireMetrics(IMeterFactory factory)
    {
        _meter = factory.Create(MeterNames.Gateway);
        _requests = _meter.CreateCounter<long>(
            "gateway.acquire.requests", description: "Requests from services to charge budgets, by outcome.");
    }

    public void Dispose() => _meter.Dispose();

    public void Answered(AcquireAnswer answer) => Count(
        answer.Repeated ? "repeated" : answer.Allowed ? "allowed" : "refused");

    public void Returned() => Count("returned");

    public void Failed() => Count("problem");

    private void Count(string outcome) => _requests.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}
