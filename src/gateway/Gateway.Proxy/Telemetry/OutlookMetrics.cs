using System.Diagnostics.Metrics;
using Gateway.Control.Documents;
using Gateway.Control.Updating;
using Gateway.Limits.Model;
using Gateway.Proxy.Waiting;

namespace Gateway.Proxy.Telemetry;

/// <summary>
/// The metrics of conditions that will need a person before calls are denied: configuration and approvals.
/// </summary>
internal sealed class OutlookMetrics
{
    public OutlookMetrics(
        IMeterFactory factory, StoreStaleness freshness, SnapshotUpdater control, ConfigFileWatcher config,
        ApprovalExpirer approvals, ProcessClock clock)
    {
        var meter = factory.Create(HealthMetrics.MeterName);
        meter.CreateObservableGauge(
            "gateway.control.age", () => freshness.Age.TotalSeconds, "s",
            "Time since the shared control store was last reached; 0 if this process owns the store.");
        meter.CreateObservableGauge(
            "gateway.control.problems", () => control.State.Problems.Length,
            description: "Stored control documents that are not applied.");
        meter.CreateObservableGauge(
            "gateway.config.valid", () => config.Status.IsInForce ? 1 : 0,
            description: "0 while the configuration file is invalid and the last valid one stays active.");
        meter.CreateObservableGauge(
            "gateway.approvals.open", () => approvals.Statistics.Open,
            description: "Open approval requests.");
        meter.CreateObservableGauge(
            "gateway.approvals.age", OldestApprovalAge, "s", "Age of the oldest open approval request; 0 if there is "
                + "none.");
        meter.CreateObservableGauge(
            "gateway.approvals.waited.ratio", () => approvals.Statistics.WaitedRatioAt(clock.NowMs()), null,
            "Open approval request that expires next: the share of its lifetime that has passed; 0 if no request is "
                + "open.");

        double OldestApprovalAge() => approvals.Statistics.OldestAskedMs is { } askedMs
            ? Math.Max(0, clock.NowMs() - askedMs) / 1000.0
            : 0;
    }
}
