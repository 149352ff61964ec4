using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Gateway.Audit.Records;
using Gateway.Control.Telemetry;
using Gateway.Proxy.Upstreams.Relay;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Telemetry;

/// <summary>The metrics of the responses from the servers behind the gateway.</summary>
internal sealed class UpstreamMetrics : IDisposable
{
    /// <summary>The meter's name, for hosts that collect it.</summary>
    public const string MeterName = "Gateway.Proxy.Upstreams";

    private const int Answered = 0;
    private const int Failed = 1;
    private const int Broken = 2;
    private const int Refused = 3;
    private const int Unreachable = 4;
    private const int Abandoned = 5;
    private const int NoResponse = 6;
    private const int TimedOut = 7;
    private static readonly string[] Outcomes =
        ["answered", "failed", "broken", "refused", "unreachable", "abandoned", "no_response", "timed_out"];

    private readonly TimeProvider _time;
    private readonly Meter _meter;
    private readonly MetricSeriesSet _calls = new();
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _results;
    private readonly ConcurrentDictionary<string, MetricSeries?[]> _servers = new(StringComparer.Ordinal);

    public UpstreamMetrics(IMeterFactory factory, TimeProvider time)
    {
        (_time, _meter) = (time, factory.Create(MeterName));
        _meter.CreateObservableCounter(
            "gateway.upstream.calls", _calls.Read,
            description: "Messages sent to a server, by outcome.");
        _results = _meter.CreateCounter<long>(
            "gateway.results", description: "Responses that were changed or denied by rules for results, or would "
                + "have been.");
        _duration = _meter.CreateHistogram(
            "gateway.upstream.duration", "s", "Time from sending a message to the head of the server's response.", null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = GatewayMetrics.DurationBounds });
    }

    /// <summary>Counts the effect of the policy on a response, if there is one.</summary>
    public void RecordResults(string server, ResultRecord? results)
    {
        if (results is null)
            return;
        var outcome = results.Denial is not null ? "denied"
            : results.Redacted.Any(static count => !count.IsShadow) ? "redacted"
            : "shadow";
        _results.Add(1, new("server", server), new("outcome", outcome));
    }

    /// <summary>Returns the start time of a message that is sent now; pass it to <see cref="Began"/>.</summary>
    public long Begin() => _time.GetTimestamp();

    /// <summary>Records the time until the head of the response.</summary>
    public void Began(string server, long began) => _duration.Record(
        _time.GetElapsedTime(began).TotalSeconds, new KeyValuePair<string, object?>("server", server));

    /// <summary>Counts a response that was relayed completely or in part.</summary>
    public void Ended(string server, in RelayOutcome outcome) => Count(server, outcome.End switch
    {
        RelayEnd.UpstreamBroken => Broken,
        RelayEnd.Refused or RelayEnd.NoMemory => Refused,
        RelayEnd.NoResponse => NoResponse,
        RelayEnd.TimedOut => TimedOut,
        _ when outcome.Status >= StatusCodes.Status500InternalServerError => Failed,
        RelayEnd.Completed or RelayEnd.Denied or RelayEnd.Resumable => Answered,
        RelayEnd.ClientGone or RelayEnd.Stopped => Abandoned,
        var end => throw new NotSupportedException($"RelayEnd {end} has no case here."),
    });

    /// <summary>Counts a message without a response.</summary>
    public void WasUnreachable(string server) => Count(server, Unreachable);

    /// <summary>Counts a request that the server may have run and whose response cannot arrive.</summary>
    public void LostResponse(string server) => Count(server, NoResponse);

    /// <summary>Counts a message whose agent left, or whose grant ended, before the response.</summary>
    public void WasAbandoned(string server) => Count(server, Abandoned);

    /// <summary>Counts a message to which the server did not begin to respond in time.</summary>
    public void DidTimeOut(string server) => Count(server, TimedOut);

    public void Dispose() => _meter.Dispose();

    private void Count(string server, int outcome)
    {
        var series = _servers.GetOrAdd(server, static _ => new MetricSeries?[Outcomes.Length]);
        // Create every outcome with a server's first message, so that its first failure is visible as an increase.
        if (series[outcome] is null)
        {
            for (var other = 0; other < Outcomes.Length; other++)
                _calls.At(ref series[other], new("server", server), new("outcome", Outcomes[other]));
        }

        series[outcome]!.Add(1);
    }
}
