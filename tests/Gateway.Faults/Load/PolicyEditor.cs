namespace Gateway.Faults.Load;

/// <summary>Changes a maximum in the policy file, up and down, while agents call.</summary>
internal sealed class PolicyEditor(Workload workload, FleetFiles files, RunLog log, RunClock clock)
{
    private const long EveryMs = 9000;

    public async Task RunAsync(CancellationToken stop)
    {
        for (var i = 0; !stop.IsCancellationRequested; i = (i + 1) % workload.EditedMaxima.Count)
        {
            var max = workload.EditedMaxima[i];
            // The old one stays in force until the new one is heard of, so the moment before is the one to note.
            log.Add(new PolicyEdit(clock.NowMs(), max));
            files.WritePolicy(Workload.Edited, workload.Policy(Workload.Edited, max));
            await RunClock.PassAsync(EveryMs, stop);
        }
    }
}
