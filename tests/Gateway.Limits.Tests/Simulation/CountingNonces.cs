namespace Gateway.Limits.Tests.Simulation;

/// <summary>Nonces in order, so that a schedule replays.</summary>
internal sealed class CountingNonces : Nonces
{
    private ulong _last;

    public override UInt128 Next() => ++_last;
}
