namespace Gateway.Limits.Tests.Simulation.Planted;

/// <summary>Remembers a refusal for one window more than it is for.</summary>
internal sealed class LastingRefusals(int marginMs) : RefusalCache(64, marginMs)
{
    protected override long EndMs(CounterKey key, in CounterRefusal refusal) =>
        key.Window.EndMs(refusal.EndMs(key));
}
