using Gateway.Limits.Model;

namespace Gateway.Limits.Counting.Compact;

/// <summary>One contiguous run of numbers as an idle counter stores it.</summary>
internal readonly struct PackedRun(NumberRange run)
{
    private readonly PackedNano _low = new(run.Low);
    private readonly PackedNano _high = new(run.High);

    public NumberRange Value => new(_low.Value, _high.Value);
}
