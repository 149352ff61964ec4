using System.Runtime.CompilerServices;

namespace Gateway.Limits.Acquiring;

/// <summary>Stack storage for the sums of a call that names few limits, as nearly all calls do.</summary>
[InlineArray(LengthMax)]
internal struct CostBuffer
{
    public const int LengthMax = 4;

    private CounterCost _first;
}
