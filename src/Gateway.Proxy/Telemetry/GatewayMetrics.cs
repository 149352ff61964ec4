using System.Collections.Frozen;
using System.Diagnostics.Metrics;
using Gateway.Limits;
using Gateway.Mcp;
using Gateway.Proxy.Audit;
using Gateway.Proxy.Denials;
using Gateway.Proxy.Health;

namespace Gateway.Proxy.Telemetry;

/// <summary>
/// What a gateway says of itself in numbers. Label values are bounded: a tool's name is a label only where
/// <see cref="ToolLabels"/> knows it.
/// </summary>
internal sealed class GatewayMetrics : IDisposable
{
    /// <summary>The meter's name, for hosts that collect it.</summary>
    public const string MeterName = "Gateway.Proxy";

    // Seconds; finer below a millisecond than the usual advice, since that is where a local call lives.
    private static readonly double[] DurationBounds =
        [0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

    private static readonly FrozenSet<string> KnownMethods = FrozenSet.Create(
        StringComparer.Ordinal,
        McpMethods.Initialize, McpMethods.ServerDiscover, McpMethods.Ping, McpMethods.ToolsCall, McpMethods.ToolsList,
        McpMethods.PromptsList, McpMethods.PromptsGet, McpMethods.ResourcesList, McpMethods.ResourcesTemplatesList,
        McpMethods.ResourcesRead, McpMethods.ResourcesSubscribe, McpMethods.ResourcesUnsubscribe,
        McpMethods.CompletionComplete, McpMethods.LoggingSetLevel, McpMethods.SubscriptionsListen,
        McpMethods.TasksGet, McpMethods.TasksResult, McpMethods.TasksCancel, McpMethods.TasksUpdate,
        McpMethods.TasksList, McpMethods.Initialized, McpMethods.Cancelled, McpMethods.Progress,
        McpMethods.RootsListChanged, McpMethods.TasksStatus);

    private readonly TimeProvider _time;
    private readonly Meter _meter;
    private readonly Counter<long> _decisions;
    private readonly Counter<long> _shadowDecisions;
    private readonly Counter<long> _messages;
    private readonly Counter<long> _edgeRefusals;
    private readonly Histogram<double> _admission;
    private readonly Histogram<double> _call;
    private readonly UpDownCounter<long> _open;
    private readonly ToolLabels _tools = new();

    public GatewayMetrics(
        IMeterFactory factory, TimeProvider time, AuditLog audit, StreamSlots streams, IEngineHealth engine)
    {
        _time = time;
        _meter = factory.Create(MeterName);
        _decisions = _meter.CreateCounter<long>(
            "gateway.decisions", description: "Tool calls by the decision that was made on them, each counted once.");
        _shadowDecisions = _meter.CreateCounter<long>(
            "gateway.shadow.decisions",
            description: "What would have been decided on calls that only shadow mode let through.");
        _messages = _meter.CreateCounter<long>(
            "gateway.messages", description: "Messages of every method that were judged, by whether they went on.");
        _edgeRefusals = _meter.CreateCounter<long>(
            "gateway.edge.refusals", description: "Requests refused before any policy saw them, by HTTP status.");
        var advice = new InstrumentAdvice<double> { HistogramBucketBoundaries = DurationBounds };
        _admission = _meter.CreateHistogram(
            "gateway.admission.duration", "s", "From a message's arrival to its decision.", null, advice);
        _call = _meter.CreateHistogram(
            "gateway.call.duration", "s", "From a message's arrival to the end of its answer.", null, advice);
        _open = _meter.CreateUpDownCounter<long>(
            "gateway.calls.open", description: "Messages that are under way, streams included.");
        Observe(audit, streams);
        Observe(engine);
    }

    /// <summary>Counts the decision on a call, once, whatever attempts it takes.</summary>
    public void Decided(GatewayCall call, string rule, RefusalOutcome? refusal)
    {
        if (!call.TryCount())
            return;
        var outcome = refusal is { } refused ? RefusalJson.Name(refused) : "allowed";
        var server = new KeyValuePair<string, object?>("server", call.Server.Name);
        _admission.Record(_time.GetElapsedTime(call.ArrivedTicks).TotalSeconds, server);
        _messages.Add(1, server, new("method", MethodLabel(call.Message.Method)), new("outcome", outcome));
        if (call.Message.Method != McpMethods.ToolsCall)
            return;
        var tool = _tools.Label(call.Server.Name, call.Message.Name ?? "", rule, isAllowed: refusal is null);
        _decisions.Add(1, server, new("tool", tool), new("outcome", outcome));
    }

    /// <summary>Counts what shadow mode kept from happening to a call that is counted as allowed.</summary>
    public void WouldBe(GatewayCall call, RefusalOutcome outcome) => _shadowDecisions.Add(
        1, new("server", call.Server.Name), new("outcome", RefusalJson.Name(outcome)));

    public void Began(GatewayCall call)
    {
        call.ArrivedTicks = _time.GetTimestamp();
        _open.Add(1, new KeyValuePair<string, object?>("server", call.Server.Name));
    }

    public void Ended(GatewayCall call)
    {
        var server = new KeyValuePair<string, object?>("server", call.Server.Name);
        _open.Add(-1, server);
        _call.Record(_time.GetElapsedTime(call.ArrivedTicks).TotalSeconds, server);
    }

    public void RefusedAtTheEdge(int status) =>
        _edgeRefusals.Add(1, new KeyValuePair<string, object?>("status", status));

    public void Dispose() => _meter.Dispose();

    private void Observe(IEngineHealth engine)
    {
        _meter.CreateObservableGauge(
            "gateway.limits.counters", () => engine.Figures.CountersInMemory, description: "Counters owned here now.");
        _meter.CreateObservableGauge(
            "gateway.limits.journal.size", () => engine.JournalBytes, "By", "Length of the journal.");
        _meter.CreateObservableGauge(
            "gateway.limits.ready", () => engine.Fault is null ? 1 : 0, description: "1 while limits can be counted.");
        _meter.CreateObservableCounter(
            "gateway.limits.reads", () => engine.Figures.Reads, description: "Records read from the store.");
        _meter.CreateObservableCounter(
            "gateway.limits.writes", () => Writes(engine.Figures),
            description: "Reservations and hand-backs by what became of them; unknown ones may be wasted.");
    }

    private static Measurement<long>[] Writes(LimiterFigures figures) =>
    [
        new(figures.Writes, new KeyValuePair<string, object?>("outcome", "ok")),
        new(figures.Conflicts, new KeyValuePair<string, object?>("outcome", "conflict")),
        new(figures.Unknown, new KeyValuePair<string, object?>("outcome", "unknown")),
    ];

    private void Observe(AuditLog audit, StreamSlots streams)
    {
        _meter.CreateObservableGauge(
            "gateway.streams.open", () => streams.Open, description: "Long-lived streams that grants hold open.");
        _meter.CreateObservableGauge(
            "gateway.audit.queued", () => audit.Queued, description: "Audit records that wait for the writer.");
        _meter.CreateObservableCounter(
            "gateway.audit.records", () => audit.Written, description: "Audit records that are on file.");
        _meter.CreateObservableCounter(
            "gateway.audit.lost", () => audit.Lost,
            description: "Audit records that could not be written; calls that waited for theirs were denied.");
        _meter.CreateObservableCounter(
            "gateway.audit.batches", () => audit.Batches, description: "Writes that the audit records took.");
    }

    // A method that no revision knows is the agent's own word, and so unbounded.
    private static string MethodLabel(string method) => KnownMethods.Contains(method) ? method : ToolLabels.Other;
}
