using System.Runtime.CompilerServices;

namespace Gateway.Limits.Acquiring;

/// <summary>Room on the stack for the sums of a call that names few limits, as nearly all do.</summary>
[InlineArray(LengthMax)]
internal struct CostBuffer
{
    public const int LengthMax = 4;

    private CounterCost _first;
}
