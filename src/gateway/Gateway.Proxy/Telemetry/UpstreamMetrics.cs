using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Gateway.Audit.Records;
using Gateway.Control.Telemetry;
using Gateway.Proxy.Upstreams.Relay;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Telemetry;

/// <summary>How the servers behind the gateway answer.</summary>
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
            description: "Messages that were handed to a server, by what became of them.");
        _results = _meter.CreateCounter<long>(
            "gateway.results", description: "Answers that a policy's results changed or denied, or would have.");
        _duration = _meter.CreateHistogram(
            "gateway.upstream.duration", "s", "From handing a message to its server to the head of the answer.", null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = GatewayMetrics.DurationBounds });
    }

    /// <summary>What the policy did with the answer; nothing is counted where that is nothing.</summary>
    public void Judged(string server, ResultRecord? results)
    {
        if (results is null)
            return;
        var outcome = results.Denial is not null ? "denied"
            : results.Redacted.Any(static count => !count.IsShadow) ? "redacted"
            : "shadow";
        _results.Add(1, new("server", server), new("outcome", outcome));
    }

    /// <summary>A message is handed over now; what this returns goes with its answer.</summary>
    public long Begin() => _time.GetTimestamp();

    /// <summary>The head of the answer is there.</summary>
    public void Began(string server, long began) => _duration.Record(
        _time.GetElapsedTime(began).TotalSeconds, new KeyValuePair<string, object?>("server", server));

    /// <summary>The answer was passed on, or its end was not reached.</summary>
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

    /// <summary>There was no answer.</summary>
    public void WasUnreachable(string server) => Count(server, Unreachable);

    /// <summary>The server may have run the request, and its response cannot come.</summary>
    public void LostResponse(string server) => Count(server, NoResponse);

    /// <summary>The agent left, or its grant ended, before there was an answer.</summary>
    public void WasAbandoned(string server) => Count(server, Abandoned);

    /// <summary>The server did not begin to answer in time.</summary>
    public void DidTimeOut(string server) => Count(server, TimedOut);

    public void Dispose() => _meter.Dispose();

    private void Count(string server, int outcome)
    {
        var series = _servers.GetOrAdd(server, static _ => new MetricSeries?[Outcomes.Length]);
        // Every outcome is told from a server's first message on, so that its first failure is seen as an increase.
        if (series[outcome] is null)
        {
            for (var other = 0; other < Outcomes.Length; other++)
                _calls.At(ref series[other], new("server", server), new("outcome", Outcomes[other]));
        }

        series[outcome]!.Add(1);
    }
}
