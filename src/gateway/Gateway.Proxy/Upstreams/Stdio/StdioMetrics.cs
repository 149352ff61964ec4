using System.Diagnostics.Metrics;
using Gateway.Control.Telemetry;

namespace Gateway.Proxy.Upstreams.Stdio;

/// <summary>The metrics of the programs that the gateway runs.</summary>
public sealed class StdioMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly UpDownCounter<long> _children;
    private readonly Counter<long> _starts;
    private readonly Counter<long> _ends;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _complaints;

    /// <summary>Creates the instruments.</summary>
    public StdioMetrics(IMeterFactory factory)
    {
        _meter = factory.Create(MeterNames.Servers);
        _children = _meter.CreateUpDownCounter<long>(
            "gateway.stdio.children", description: "Number of server programs on standard input and output that are "
                + "running.");
        _starts = _meter.CreateCounter<long>(
            "gateway.stdio.starts", description: "Stdio programs that started, by whether the previous one had "
                + "crashed.");
        _ends = _meter.CreateCounter<long>(
            "gateway.stdio.ends", description: "Stdio programs that ended, by reason.");
        _refused = _meter.CreateCounter<long>(
            "gateway.stdio.starts.refused", description: "Failed or refused starts of stdio programs, by reason.");
        _dropped = _meter.CreateCounter<long>(
            "gateway.stdio.lines.dropped", description: "Lines from stdio programs that are not messages, or do not "
                + "have a recipient.");
        _complaints = _meter.CreateCounter<long>(
            "gateway.stdio.stderr.lines",
            description: "Lines that stdio programs wrote to standard error, by whether the log contains them.");
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    internal void Started(string server, bool isRestart)
    {
        _children.Add(1, new KeyValuePair<string, object?>("server", server));
        // Both series are reported from the first start on, so that the first restart is visible as an increase.
        _starts.Add(isRestart ? 0 : 1, new("server", server), new("restart", "false"));
        _starts.Add(isRestart ? 1 : 0, new("server", server), new("restart", "true"));
    }

    internal void Ended(string server, ChildEnd end)
    {
        _children.Add(-1, new KeyValuePair<string, object?>("server", server));
        _ends.Add(1, new("server", server), new("reason", Name(end)));
    }

    internal void Refused(string server, UpstreamFailure failure) =>
        _refused.Add(1, new("server", server), new("reason", Name(failure)));

    internal void Complained(string server, bool isLogged) =>
        _complaints.Add(1, new("server", server), new("logged", isLogged ? "true" : "false"));

    internal void Dropped(string server) => _dropped.Add(1, new KeyValuePair<string, object?>("server", server));

    private static string Name(ChildEnd end) => end switch
    {
        ChildEnd.Crashed => "crashed",
        ChildEnd.Idle => "idle",
        ChildEnd.BadOutput => "bad_output",
        ChildEnd.NoMemory => "no_memory",
        ChildEnd.Stopped => "stopped",
        _ => throw new NotSupportedException($"ChildEnd {end} has no case here."),
    };

    private static string Name(UpstreamFailure failure) => failure switch
    {
        UpstreamFailure.AtBound => "at_bound",
        UpstreamFailure.BackingOff => "backing_off",
        UpstreamFailure.Connect or UpstreamFailure.ConnectTimeout or UpstreamFailure.Tls or UpstreamFailure.Broken
            or UpstreamFailure.InvalidAnswer or UpstreamFailure.Endpoint or UpstreamFailure.NotStarted
            or UpstreamFailure.Ended or UpstreamFailure.NoCredential or UpstreamFailure.NoMemory => "not_started",
        _ => throw new NotSupportedException($"UpstreamFailure {failure} has no case here."),
    };
}
