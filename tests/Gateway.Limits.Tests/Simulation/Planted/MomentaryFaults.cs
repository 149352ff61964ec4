namespace Gateway.Limits.Tests.Simulation.Planted;

/// <summary>What mutants of every kind do whose numbers may be used for a moment only.</summary>
internal static class MomentaryFaults
{
    /// <summary>Gives the call what is only about to be written for it.</summary>
    public static CounterReply ReplyFirst(
        MomentaryState counter, in CounterRequest ask, CounterReply reply, CounterEffects effects)
    {
        if (reply.Kind != CounterReplyKind.Waiting || effects.Request is not { Write: { } record }) return reply;
        counter.Line.Remove(ask.CallId);
        counter.Served.Clear();
        return CounterReply.Granted(
            new CounterPermit(counter.Key, ask.Max, ask.Cost, record.WindowStartMs, [], Amount.Zero));
    }

    /// <summary>All who wait get what was reserved for some.</summary>
    public static void ServeAll(MomentaryState counter)
    {
        foreach (var queued in counter.Line.All) counter.Served[queued.Request.CallId] = queued.Request.Cost.Nano;
    }
}
