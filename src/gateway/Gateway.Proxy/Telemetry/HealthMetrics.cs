using System.Diagnostics.Metrics;
using Gateway.Audit.Directories;
using Gateway.Control.Documents;
using Gateway.Control.Health;
using Gateway.Control.Options;
using Gateway.Control.Updating;
using Gateway.Limits.Model;
using Gateway.Proxy.Waiting;
using Microsoft.Extensions.Logging;

namespace Gateway.Proxy.Telemetry;

/// <summary>Whether this process decides calls and, if not, why; and what will need a person before that.</summary>
internal sealed partial class HealthMetrics : IDisposable
{
    /// <summary>The meter's name, for hosts that collect it.</summary>
    public const string MeterName = "Gateway.Proxy.Health";

    private readonly Meter _meter;
    private readonly Readiness _readiness;
    private readonly IEngineHealth _engine;
    private readonly ApprovalExpirer _approvals;
    private readonly ProcessClock _clock;
    private readonly string _data;
    private readonly ILogger<HealthMetrics> _logger;
    private bool _isDiskTold;

    public HealthMetrics(
        IMeterFactory factory, Readiness readiness, Troubles troubles, IEngineHealth engine,
        StoreStaleness freshness,
        SnapshotUpdater control, ConfigFileWatcher config, ApprovalExpirer approvals, ProcessClock clock,
        GatewayOptions options,
        ILogger<HealthMetrics> logger)
    {
        (_meter, _readiness, _engine) = (factory.Create(MeterName), readiness, engine);
        (_approvals, _clock, _logger) = (approvals, clock, logger);
        _data = Path.GetFullPath(options.DataDirectory);
        _meter.CreateObservableGauge(
            "gateway.ready", () => readiness.Problem is null ? 1 : 0, description: "1 while calls are decided.");
        _meter.CreateObservableGauge(
            "gateway.fault", Faults, description: "1 while this is why calls are denied, by cause.");
        _meter.CreateObservableCounter(
            "gateway.unavailable", troubles.Read,
            description: "Messages refused for trouble of the gateway's own, by cause.");
        _meter.CreateObservableGauge(
            "gateway.control.last_known", () => readiness.ServesLastKnown ? 1 : 0,
            description: "1 while calls without limits go on by what was last known of grants and policies.");
        _meter.CreateObservableGauge(
            "gateway.control.age", () => freshness.Age.TotalSeconds, "s",
            "Since the shared control store was last reached; 0 where it is this process's own.");
        _meter.CreateObservableGauge(
            "gateway.control.problems", () => control.State.Problems.Length,
            description: "Control documents that are stored and not in force.");
        _meter.CreateObservableGauge(
            "gateway.config.valid", () => config.Status.IsInForce ? 1 : 0,
            description: "0 while the configuration file is refused and the last good one stays in force.");
        _meter.CreateObservableGauge(
            "gateway.approvals.open", () => approvals.Statistics.Open,
            description: "Requests for approval that nobody has answered yet.");
        _meter.CreateObservableGauge(
            "gateway.approvals.age", OldestApprovalAge, "s", "How long the oldest of them has waited; 0 without one.");
        _meter.CreateObservableGauge(
            "gateway.approvals.waited.ratio", () => approvals.Statistics.WaitedRatioAt(_clock.NowMs()), null,
            "Share of its life that one of them has waited, of the one nearest to its end; 0 without one.");
        _meter.CreateObservableGauge(
            "gateway.stdio.children.limit", () => options.ProgramsMax,
            description: "Programs of servers on standard input and output that may run at once.");
        ObserveDisk();
    }

    public void Dispose() => _meter.Dispose();

    private void ObserveDisk()
    {
        _meter.CreateObservableGauge(
            "gateway.data.free", () => OfDisk(static disk => disk.AvailableFreeSpace), "By",
            "Room on the volume of the data directory.");
        _meter.CreateObservableGauge(
            "gateway.data.size", () => OfDisk(static disk => disk.TotalSize), "By",
            "Size of the volume of the data directory.");
    }

    private Measurement<long>[] Faults()
    {
        var isEngine = _readiness.EngineFault is not null;
        var isClock = isEngine && !_engine.IsClockTrusted;
        return
        [
            Fault("draining", _readiness.IsDraining),
            Fault("clock", isClock),
            Fault("limits", isEngine && !isClock),
            Fault("control", _readiness.ControlStale is not null),
            Fault("audit", _readiness.AuditFault is not null),
        ];
    }

    private double OldestApprovalAge() => _approvals.Statistics.OldestAskedMs is { } askedMs
        ? Math.Max(0, _clock.NowMs() - askedMs) / 1000.0
        : 0;

    private Measurement<long>[] OfDisk(Func<DriveInfo, long> figure)
    {
        if (Volume.Read(_data, figure, out var why) is { } bytes)
            return [new(bytes)];

        // Told once: a figure that cannot be had is left out of every scrape.
        if (!_isDiskTold)
            LogDiskUnknown(why!);
        _isDiskTold = true;
        return [];
    }

    private static Measurement<long> Fault(string cause, bool isSo) =>
        new(isSo ? 1 : 0, new KeyValuePair<string, object?>("cause", cause));

    [LoggerMessage(1, LogLevel.Warning, "The room on the volume of the data directory cannot be told")]
    private partial void LogDiskUnknown(Exception exception);
}
