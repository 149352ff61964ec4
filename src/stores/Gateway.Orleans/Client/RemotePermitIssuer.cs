using Gateway.Limits.Model;
using Gateway.Orleans.Wire;

namespace Gateway.Orleans.Client;

/// <summary>Represents, in the frontend, the owner that issued one part of a permit.</summary>
internal sealed class RemotePermitIssuer(CounterChannel line, CallId callId, UInt128 owner) : IPermitIssuer
{
    /// <summary>
    /// Reports that the numbers can no longer be returned, so that the owner may declare a refusal final.
    /// </summary>
    public void Commit(CounterPermit part) =>
        line.Commit(callId, owner, isNearlyFull: part.UsedAfter.Nano * 4 >= part.Max.Nano * 3);

    /// <summary>Returns this amount to the activation that issued it.</summary>
    public Task ReleaseAsync(Amount amount) => line.ReleaseAsync(new ReleaseMessage(callId.Bits, owner, amount.Nano));
}
