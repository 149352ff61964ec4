namespace Gateway.Limits.Tests.Simulation.Planted;

/// <summary>Asks the second counter once more, as if for another call, and keeps what it gave first.</summary>
internal sealed class RepeatingPlan(AcquiringOptions options, RefusalCache? refusals) : SteppedPlan(options, refusals)
{
    private CounterReply? _first;

    public override CounterRequest Request => _first is null
        ? base.Request
        : base.Request with { CallId = new CallId(base.Request.CallId.Bits | ((UInt128)1 << 64)) };

    public override void OnReply(in CounterReply reply, long nowMs)
    {
        if (Index == 1 && reply.Part is not null && _first is null) _first = reply;
        else base.OnReply(_first ?? reply, nowMs);
    }
}
