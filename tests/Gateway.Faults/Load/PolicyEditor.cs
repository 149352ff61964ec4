namespace Gateway.Faults.Load;

/// <summary>An editor that raises and lowers a maximum in the policy file while agents call.</summary>
internal sealed class PolicyEditor(Workload workload, FleetFiles files, RunLog log, RunClock clock)
{
    private const long EveryMs = 9000;

    public async Task RunAsync(CancellationToken stop)
    {
        for (var i = 0; !stop.IsCancellationRequested; i = (i + 1) % workload.EditedMaxima.Count)
        {
            var max = workload.EditedMaxima[i];
            // The old maximum applies until the new one is read, so the time is taken before the write.
            log.Add(new PolicyEdit(clock.NowMs(), max));
            files.WritePolicy(Workload.Edited, workload.Policy(Workload.Edited, max));
            await RunClock.PassAsync(EveryMs, stop);
        }
    }
}
