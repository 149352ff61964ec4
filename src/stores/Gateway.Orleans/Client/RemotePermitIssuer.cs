using Gateway.Limits.Model;
using Gateway.Orleans.Wire;

namespace Gateway.Orleans.Client;

/// <summary>Stands, in the frontend, for the owner that issued one part of one permit.</summary>
internal sealed class RemotePermitIssuer(CounterChannel line, CallId callId, UInt128 owner) : IPermitIssuer
{
    /// <summary>Numbers can no longer come back: the owner may then call a refusal final.</summary>
    public void Commit(CounterPermit part) =>
        line.Commit(callId, owner, isNearlyFull: part.UsedAfter.Nano * 4 >= part.Max.Nano * 3);

    /// <summary>Gives this much of them back to the activation that issued them.</summary>
    public Task ReleaseAsync(Amount amount) => line.ReleaseAsync(new ReleaseMessage(callId.Bits, owner, amount.Nano));
}
