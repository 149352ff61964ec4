using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;

namespace Gateway.Control.Memory;

/// <summary>How much of the process's memory requests and answers may take, in bytes.</summary>
[UnconditionalSuppressMessage(
    "Trimming", "IL2026", Justification = "The ranges are read by a generated validator, which converts no types.")]
public sealed record MemoryBudgetOptions
{
    private const int Mebi = 1024 * 1024;

    /// <summary>Below this not even one message of 4 MiB could be read and judged.</summary>
    public const long AllMin = 24 * Mebi;

    /// <summary>Of all grants together.</summary>
    [Range(1, double.MaxValue)]
    public long AllMax { get; init; } = AllMin;

    /// <summary>Of one grant, so that its flood is nobody else's.</summary>
    [Range(1, double.MaxValue)]
    public long PerCallerMax { get; init; } = AllMin / 3;

    /// <summary>Of all requests without a grant together.</summary>
    [Range(1, double.MaxValue)]
    public long AnonymousMax { get; init; } = AllMin / 16;

    /// <summary>How long a call waits for memory that others hold.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a server's answer is kept waiting for memory before it is ended.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan AnswerWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A quarter of what the process may use, a third of that for a grant, a sixteenth without one.</summary>
    /// <param name="processBytes">What the process may use.</param>
    public static MemoryBudgetOptions Of(long processBytes) => OfAll(processBytes / 4);

    /// <summary>The same shares of a budget that the operator named.</summary>
    /// <param name="allMax">The budget; a smaller one than 24 MiB is that.</param>
    public static MemoryBudgetOptions OfAll(long allMax)
    {
        var all = Math.Max(allMax, AllMin);
        return new MemoryBudgetOptions { AllMax = all, PerCallerMax = all / 3, AnonymousMax = all / 16 };
    }
}
