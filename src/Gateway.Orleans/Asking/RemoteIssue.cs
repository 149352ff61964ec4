using Gateway.Limits;
using Gateway.Limits.Counting;

namespace Gateway.Orleans.Asking;

/// <summary>Stands, in the frontend, for the owner that issued one part of one permit.</summary>
internal sealed class RemoteIssue(CounterLine line, CallId callId, UInt128 owner) : IPermitIssuer
{
    /// <summary>Numbers can no longer come back: the owner may then call a refusal final.</summary>
    public void Settle(CounterPermit part) =>
        line.Settle(callId, owner, isNearlyFull: part.UsedAfter.Nano * 4 >= part.Max.Nano * 3);

    /// <summary>Gives this much of them back to the activation that issued them.</summary>
    public Task GiveBackAsync(Amount amount) => line.GiveBackAsync(new GivenBack(callId.Bits, owner, amount.Nano));
}
