using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;

namespace Gateway.Audit.Arguments;

/// <summary>How values of arguments are kept where a policy says <c>record_arguments</c>.</summary>
[UnconditionalSuppressMessage(
    "Trimming", "IL2026", Justification = "The ranges are read by a generated validator, which converts no types.")]
public sealed record RecordedArgumentsOptions
{
    /// <summary>The directory of the files; made with the first value.</summary>
    public string Directory { get; init; } = "arguments";

    /// <summary>How long a value is kept at most.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00")]
    public TimeSpan AgeMax { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How long one file is written; it is deleted whole, when its first value is as old as may be.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan FileSpan { get; init; } = TimeSpan.FromHours(6);

    /// <summary>Bytes of all files; beyond them the oldest is deleted.</summary>
    [Range(1 << 20, 1L << 40)]
    public long BytesMax { get; init; } = 256L * 1024 * 1024;

    /// <summary>Calls whose values may wait for the writer; those of a further one are not kept.</summary>
    [Range(1, 100_000)]
    public int QueueMax { get; init; } = 4096;
}
