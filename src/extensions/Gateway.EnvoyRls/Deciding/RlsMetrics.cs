using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Gateway.Control.Telemetry;
using Gateway.EnvoyRls.Grpc;
using Gateway.EnvoyRls.Options;

namespace Gateway.EnvoyRls.Deciding;

internal sealed class RlsMetrics : IDisposable
{
    private const string Other = "(other)";
    private const int RuleCharsMax = 256;
    private readonly Meter _meter;
    private readonly Counter<long> _requests;
    private readonly Counter<long> _hits;
    private readonly int _rulesMax;
    private readonly ConcurrentDictionary<string, string> _rules = new(StringComparer.Ordinal);

    public RlsMetrics(IMeterFactory factory, RlsSettings settings)
    {
        _rulesMax = settings.Options.MetricRulesMax;
        _meter = factory.Create(MeterNames.Gateway);
        _requests = _meter.CreateCounter<long>(
            "gateway.rls.requests", description: "Requests to the rate limit service, by gRPC status.");
        _hits = _meter.CreateCounter<long>(
            "gateway.rls.hits", unit: "{hit}",
            description: "Hits requested from the rate limit service, by rule and outcome.");
    }

    public void Dispose() => _meter.Dispose();

    public void Answered(GrpcStatus status) =>
        _requests.Add(1, new KeyValuePair<string, object?>("status", StatusName(status)));

    /// <summary>Counts each descriptor under its rule.</summary>
    public void Decided(CountedRequest request, bool isOver)
    {
        if (!_hits.Enabled)
            return;
        foreach (var one in request.Descriptors)
        {
            if (one.Match is not { } match)
                continue;
            var outcome = one.IsUnlimited ? "unlimited"
                : one.IsReturn ? "returned"
                : one.IsOver ? one.Limit.IsShadow ? "shadow" : "over_limit"
                : isOver ? "not_charged"
                : "within_limit";
            var hits = one.IsUnlimited ? 1 : (long)Math.Min(one.Hits, long.MaxValue);
            _hits.Add(hits, new("rule", RuleName(match.Metric)), new("outcome", outcome));
        }
    }

    // If a rule includes values in its metric, clients choose them, so their number is bounded.
    private string RuleName(string rule) =>
        rule.Length > RuleCharsMax ? Other
        : _rules.TryGetValue(rule, out var known) ? known
        : _rules.Count >= _rulesMax ? Other
        : _rules.GetOrAdd(rule, rule);

    private static string StatusName(GrpcStatus status) => status switch
    {
        GrpcStatus.Ok => "ok",
        GrpcStatus.Cancelled => "cancelled",
        GrpcStatus.InvalidArgument => "invalid_argument",
        GrpcStatus.DeadlineExceeded => "deadline_exceeded",
        GrpcStatus.NotFound => "not_found",
        GrpcStatus.ResourceExhausted => "resource_exhausted",
        GrpcStatus.Unimplemented => "unimplemented",
        GrpcStatus.Unavailable => "unavailable",
        GrpcStatus.Unauthenticated => "unauthenticated",
        GrpcStatus.FailedPrecondition or GrpcStatus.Internal => "internal",
        _ => throw new NotSupportedException($"GrpcStatus {status} has no case here."),
    };
}
