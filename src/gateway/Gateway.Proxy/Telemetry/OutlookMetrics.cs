using System.Diagnostics.Metrics;
using Gateway.Control.Documents;
using Gateway.Control.Updating;
using Gateway.Limits.Model;
using Gateway.Proxy.Waiting;

namespace Gateway.Proxy.Telemetry;

/// <summary>What will need a person before calls are denied: configuration and approvals.</summary>
internal sealed class OutlookMetrics
{
    public OutlookMetrics(
        IMeterFactory factory, StoreStaleness freshness, SnapshotUpdater control, ConfigFileWatcher config,
        ApprovalExpirer approvals, ProcessClock clock)
    {
        var meter = factory.Create(HealthMetrics.MeterName);
        meter.CreateObservableGauge(
            "gateway.control.age", () => freshness.Age.TotalSeconds, "s",
            "Since the shared control store was last reached; 0 where it is this process's own.");
        meter.CreateObservableGauge(
            "gateway.control.problems", () => control.State.Problems.Length,
            description: "Control documents that are stored and not in force.");
        meter.CreateObservableGauge(
            "gateway.config.valid", () => config.Status.IsInForce ? 1 : 0,
            description: "0 while the configuration file is refused and the last good one stays in force.");
        meter.CreateObservableGauge(
            "gateway.approvals.open", () => approvals.Statistics.Open,
            description: "Requests for approval that nobody has answered yet.");
        meter.CreateObservableGauge(
            "gateway.approvals.age", OldestApprovalAge, "s", "How long the oldest of them has waited; 0 without one.");
        meter.CreateObservableGauge(
            "gateway.approvals.waited.ratio", () => approvals.Statistics.WaitedRatioAt(clock.NowMs()), null,
            "Share of its life that one of them has waited, of the one nearest to its end; 0 without one.");

        double OldestApprovalAge() => approvals.Statistics.OldestAskedMs is { } askedMs
            ? Math.Max(0, clock.NowMs() - askedMs) / 1000.0
            : 0;
    }
}
