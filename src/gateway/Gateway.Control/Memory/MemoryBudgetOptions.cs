using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;

namespace Gateway.Control.Memory;

/// <summary>The share of the process's memory that requests and responses may take, in bytes.</summary>
[UnconditionalSuppressMessage(
    "Trimming", "IL2026", Justification = "The ranges are read by a generated validator, which converts no types.")]
public sealed record MemoryBudgetOptions
{
    private const int Mebi = 1024 * 1024;

    /// <summary>The minimum: below it, not even one message of 4 MiB could be read and evaluated.</summary>
    public const long AllMin = 24 * Mebi;

    /// <summary>The maximum of all grants together.</summary>
    [Range(1, double.MaxValue)]
    public long AllMax { get; init; } = AllMin;

    /// <summary>The maximum of one grant, so that its flood affects no other grant.</summary>
    [Range(1, double.MaxValue)]
    public long PerCallerMax { get; init; } = AllMin / 3;

    /// <summary>The maximum of all requests without a grant together.</summary>
    [Range(1, double.MaxValue)]
    public long AnonymousMax { get; init; } = AllMin / 16;

    /// <summary>The time for which a call waits for memory that others hold.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The time for which a server's response waits for memory before it is ended.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan AnswerWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Returns a quarter of the process's memory, a third of that for a grant, a sixteenth without one.
    /// </summary>
    /// <param name="processBytes">The bytes that the process may use.</param>
    public static MemoryBudgetOptions Of(long processBytes) => OfAll(processBytes / 4);

    /// <summary>Returns the same shares of a budget that the operator set.</summary>
    /// <param name="allMax">The budget in bytes; a smaller one is raised to 24 MiB.</param>
    public static MemoryBudgetOptions OfAll(long allMax)
    {
        var all = Math.Max(allMax, AllMin);
        return new MemoryBudgetOptions { AllMax = all, PerCallerMax = all / 3, AnonymousMax = all / 16 };
    }
}
