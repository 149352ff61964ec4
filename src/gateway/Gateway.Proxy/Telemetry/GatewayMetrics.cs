using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Gateway.Audit.Records;
using Gateway.Audit.Shipping;
using Gateway.Audit.Writing;
using Gateway.Control.Telemetry;
using Gateway.Control.Usage.Counting;
using Gateway.Limits.Model;
using Gateway.Mcp;
using Gateway.Mcp.Protocol;
using Gateway.Policy;
using Gateway.Policy.Budgets;
using Gateway.Policy.Decisions;
using Gateway.Proxy.Budgets;
using Gateway.Proxy.Calls;
using Gateway.Proxy.Deadlines;
using Gateway.Proxy.Pinning;
using Gateway.Proxy.Upstreams.Relay;

namespace Gateway.Proxy.Telemetry;

/// <summary>
/// The metrics of a gateway. Label values are bounded: a tool's name becomes a label only if <see cref="ToolLabels"/>
/// knows it.
/// </summary>
internal sealed class GatewayMetrics : IDisposable
{
    // In seconds. Finer below a millisecond than usually recommended, because local calls take that long.
    internal static readonly double[] DurationBounds =
        [0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

    private readonly TimeProvider _time;
    private readonly UsageCounts _usage;
    private readonly Meter _meter;
    private readonly MetricSeriesSet _decisions = new();
    private readonly Counter<long> _shadowDecisions;
    private readonly MetricSeriesSet _messages = new();
    private readonly Counter<long> _edgeRefusals;
    private readonly Histogram<double> _admission;
    private readonly Histogram<double> _call;
    private readonly MetricSeriesSet _open = new();
    private readonly MetricSeriesSet _grantMessages = new();
    private readonly ConcurrentDictionary<string, ServerSeries> _servers = new(StringComparer.Ordinal);
    private readonly GrantLabels _grants = new();
    private readonly RefusalTotals _refusals = new();
    private readonly BudgetWatch _budgets;
    private readonly PinnedTools _pinned;
    private readonly RequestDeadlines _deadlines;

    public GatewayMetrics(
        IMeterFactory factory, TimeProvider time, AuditLog audit, StreamLimiter streams, UsageCounts usage,
        BudgetWatch budgets, PinnedTools pinned)
    {
        (_time, _usage, _budgets, _pinned) = (time, usage, budgets, pinned);
        _deadlines = new RequestDeadlines(time);
        _meter = factory.Create(MeterNames.Gateway);
        _meter.CreateObservableCounter(
            "gateway.decisions", _decisions.Read,
            description: "Tool calls by decision, each counted once.");
        _shadowDecisions = _meter.CreateCounter<long>(
            "gateway.shadow.decisions",
            description: "Decisions on calls that shadow mode let through, as enforcement would have made them.");
        _meter.CreateObservableCounter(
            "gateway.messages", _messages.Read,
            description: "Evaluated messages of every method, by decision.");
        _edgeRefusals = _meter.CreateCounter<long>(
            "gateway.edge.refusals", description: "Requests refused before any policy saw them, by HTTP status.");
        var advice = new InstrumentAdvice<double> { HistogramBucketBoundaries = DurationBounds };
        _admission = _meter.CreateHistogram(
            "gateway.admission.duration", "s", "Time from a message's arrival to its decision, without the time spent "
                + "waiting for approval or room.", null,
            advice);
        _call = _meter.CreateHistogram(
            "gateway.call.duration", "s", "Time from a message's arrival to the end of its response.", null, advice);
        _meter.CreateObservableUpDownCounter(
            "gateway.calls.open", _open.Read, description: "Open messages, including streams.");
        _meter.CreateObservableGauge(
            "gateway.requests.overdue", () => _deadlines.Overdue,
            description: "Open requests that the gateway should have finished by now.");
        _meter.CreateObservableCounter(
            "gateway.grant.messages", _grantMessages.Read,
            description: "Messages of every grant, by decision.");
        _meter.CreateObservableCounter(
            "gateway.refusals", _refusals.Read, description: "Messages that were refused, by reason.");
        Observe(audit, streams);
        ObserveSinks(audit);
    }

    /// <summary>Counts the decision on a call once, regardless of its attempts.</summary>
    public void Decided(CallContext call, string rule, RefusalCategory? refusal)
    {
        if (!call.TryCount())
            return;
        var series = Of(call);
        // A call that waited for a person says nothing about the latency of the gateway.
        if (!call.IsStreaming && call.NowMs == call.ArrivedMs)
            _admission.Record(_time.GetElapsedTime(call.Deadline.BeganTicks).TotalSeconds, series.Server);
        var outcome = OutcomeSeries.IndexOf(refusal);
        CountForGrant(call.Grant.Name, outcome);
        if (refusal is { } counted)
            _refusals.Count(rule, counted);
        Count(_messages, series, "method", series.Method(MethodLabel(call.Message)), outcome);
        if (call.Message.Method != McpMethods.ToolsCall)
            return;
        var tool = ToolOf(call, series);
        call.ToolLabel ??= tool.Label;
        Count(_decisions, series, "tool", tool, outcome);
    }

    /// <summary>
    /// Counts a recorded decision in the figures over time. Each record counts, so that both show the same number; a
    /// call that is sent again has several.
    /// </summary>
    public void Recorded(CallContext call, RefusalCategory? refusal)
    {
        if (call.Message.Method != McpMethods.ToolsCall)
            return;
        call.ToolLabel ??= ToolOf(call, Of(call)).Label;
        _usage.Count(
            call.Grant.Name, call.Server.Name, call.ToolLabel, refusal, call.NowMs, call.PolicyName);
    }

    /// <summary>Counts the budgets that a recorded call charges, or the budget that refused it.</summary>
    public void Charged(CallContext call, in Permit permit, Refusal? refusal)
    {
        foreach (var part in permit.Parts)
        {
            if (Budget.IsCounter(part.Key))
                Charged(call, part.Key.ShownName, refusal: null);
        }

        if (refusal?.Limit is { IsBudget: true } limit)
            Charged(call, limit.Counter, refusal.Outcome);
    }

    private void Charged(CallContext call, string budget, RefusalCategory? refusal) =>
        _usage.Charge(call.Grant.Name, budget, refusal, call.NowMs, call.PolicyName);

    /// <summary>Records the use of counters, for the gauge and for notifications.</summary>
    public void Taken(CallContext call, PolicyDecision decision, long nowMs, LimitDecision taken) =>
        _budgets.Note(call, decision, nowMs, taken);

    /// <summary>Counts the refusal that shadow mode prevented for a call that counts as allowed.</summary>
    public void ShadowRefusal(CallContext call, RefusalCategory outcome) => _shadowDecisions.Add(
        1, new("server", call.Server.Name), new("outcome", RefusalJson.Name(outcome)));

    /// <summary>Records that a message began; the returned series must be passed to its end.</summary>
    public ServerSeries Began(CallContext call)
    {
        _deadlines.Begin(call.Deadline, RequestDeadlines.Within);
        var series = Of(call);
        _open.At(ref series.Open, series.Server).Add(1);
        return series;
    }

    public void Ended(CallContext call, ServerSeries series)
    {
        series.Open!.Add(-1);
        call.Deadline.Dispose();
        _call.Record(_time.GetElapsedTime(call.Deadline.BeganTicks).TotalSeconds, series.Server);
    }

    /// <summary>Records a tool that the call's server listed, so that calls of it are counted under its name.</summary>
    public void Listed(CallContext call, string tool) => Of(call).Tools.Listed(tool);

    /// <summary>Begins a request that the gateway must be done with within the given time.</summary>
    public void Began(RequestDeadline request, TimeSpan within) => _deadlines.Begin(request, within);

    public void RefusedAtTheEdge(int status) =>
        _edgeRefusals.Add(1, new KeyValuePair<string, object?>("status", status));

    public void Dispose() => _meter.Dispose();

    private void Observe(AuditLog audit, StreamLimiter streams)
    {
        _meter.CreateObservableGauge(
            "gateway.streams.open", () => streams.Open, description: "Long-lived streams that grants hold open.");
        _meter.CreateObservableGauge(
            "gateway.audit.queued", () => audit.Queued, description: "Audit records that wait for the writer.");
        _meter.CreateObservableGauge(
            "gateway.audit.queue.limit", () => audit.QueueMax,
            description: "Maximum number of audit records that wait. When this number is reached, calls wait, and are "
                + "then denied.");
        _meter.CreateObservableCounter(
            "gateway.audit.records", () => audit.Written, description: "Audit records written to file.");
        _meter.CreateObservableCounter(
            "gateway.audit.lost", () => audit.Lost,
            description: "Audit records that could not be written. Calls that waited for these records were denied.");
        _meter.CreateObservableCounter(
            "gateway.audit.batches", () => audit.Batches, description: "Batched writes of audit records.");
        _meter.CreateObservableCounter(
            "gateway.audit.dropped", () => audit.Archive.DroppedBytes, unit: "By",
            description: "Bytes of audit files deleted before their maximum age because space ran out.");
        _meter.CreateObservableGauge(
            "gateway.audit.kept", () => audit.Archive.KeptBytes, unit: "By",
            description: "Bytes of the audit files that are no longer written.");
        _meter.CreateObservableGauge(
            "gateway.audit.kept.limit", () => audit.Archive.BytesMax, unit: "By",
            description: "Maximum size of the audit log.");
        _meter.CreateObservableCounter(
            "gateway.audit.folded", () => audit.Archive.Folded,
            description: "Refusals that the audit log contains only as a count.");
    }

    private void ObserveSinks(AuditLog audit)
    {
        if (audit.Shippers.Count == 0)
            return;
        _meter.CreateObservableGauge(
            "gateway.audit.sink.lag", () => Each(static sink => sink.LagBytes), unit: "By",
            description: "Bytes of audit records that a sink has not received yet.");
        _meter.CreateObservableCounter(
            "gateway.audit.sink.records", () => Each(static sink => sink.Shipped),
            description: "Audit records that a sink accepted.");
        _meter.CreateObservableCounter(
            "gateway.audit.sink.lost", () => Each(static sink => sink.LostBytes), unit: "By",
            description: "Bytes of audit records that were deleted before a sink had them.");
        _meter.CreateObservableCounter(
            "gateway.audit.sink.rejected", () => Each(static sink => sink.Rejected),
            description: "Audit records that a sink permanently rejected.");
        _meter.CreateObservableCounter(
            "gateway.audit.sink.failures", () => Each(static sink => sink.Failures),
            description: "Failed attempts to send audit records to a sink.");

        IEnumerable<Measurement<long>> Each(Func<AuditShipper, long> value) => audit.Shippers.Select(
            sink => new Measurement<long>(value(sink), new KeyValuePair<string, object?>("sink", sink.Name)));
    }

    private void CountForGrant(string name, int outcome)
    {
        var grant = _grants.Of(name, out var isNew);
        if (isNew)
        {
            // Create every outcome with a grant's first message, so that its first refusal is visible as an increase.
            for (var other = 0; other < OutcomeSeries.Outcomes.Length; other++)
                At(other);
        }

        At(outcome).Add(1);

        MetricSeries At(int which) => _grantMessages.At(
            ref grant[which], new("grant", grant.Label), new("outcome", OutcomeSeries.Outcomes[which]));
    }

    private static void Count(
        MetricSeriesSet metric, ServerSeries server, string label, OutcomeSeries series, int outcome) =>
        metric.At(
            ref series[outcome], server.Server, new(label, series.Label),
            new("outcome", OutcomeSeries.Outcomes[outcome])).Add(1);

    private OutcomeSeries ToolOf(CallContext call, ServerSeries series)
    {
        var tool = call.Message.Name ?? "";
        var policy = call.Binding.Policy;
        return series.Tools.Find(tool) ?? series.Tools.Add(
            tool, PolicyEngine.NamesTool(policy, tool) || _pinned.IsKnown(call.Server.Name, tool),
            PolicyEngine.PatternOf(policy, tool));
    }

    private ServerSeries Of(CallContext call) =>
        _servers.GetOrAdd(call.Server.Name, static name => new ServerSeries(name));

    // A method outside all revisions is chosen by the agent, and its name is therefore unbounded.
    private static string MethodLabel(McpMessage message) => message.Known?.Name ?? ToolLabels.Other;
}
