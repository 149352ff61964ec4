using Gateway.Limits.Model;

namespace Gateway.Limits.Counting.Compact;

/// <summary>One unbroken run of numbers as a counter at rest keeps it.</summary>
internal readonly struct PackedRun(NumberRange run)
{
    private readonly PackedNano _low = new(run.Low);
    private readonly PackedNano _high = new(run.High);

    /// <summary>The run.</summary>
    public NumberRange Value => new(_low.Value, _high.Value);
}
