using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;

namespace Gateway.Audit.Arguments;

/// <summary>Options for recording argument values where a policy uses <c>record_arguments</c>.</summary>
[UnconditionalSuppressMessage(
    "Trimming", "IL2026", Justification = "The ranges are read by a generated validator, which converts no types.")]
public sealed record RecordedArgumentsOptions
{
    private const int FilesOfAge = 28;

    /// <summary>Directory of the files; created with the first value.</summary>
    public string Directory { get; init; } = "arguments";

    /// <summary>
    /// Maximum age of a value; an older one is not found. A file is deleted as a whole when its first value reaches
    /// this age.
    /// </summary>
    [Range(typeof(TimeSpan), "00:01:00", "400.00:00:00")]
    public TimeSpan AgeMax { get; init; } = TimeSpan.FromDays(7);

    /// <summary>
    /// Returns the time span that one file covers: a 28th of <see cref="AgeMax"/>, so that values are deleted only a
    /// little early, and at most a day.
    /// </summary>
    public TimeSpan FileSpan() => TimeSpan.FromTicks(Math.Min(AgeMax.Ticks / FilesOfAge, TimeSpan.TicksPerDay));

    /// <summary>Maximum bytes of all files together; beyond this the oldest file is deleted.</summary>
    [Range(1 << 20, 1L << 40)]
    public long BytesMax { get; init; } = 256L * 1024 * 1024;

    /// <summary>
    /// Maximum number of calls whose values wait for the writer; the values of further calls are not kept.
    /// </summary>
    [Range(1, 100_000)]
    public int QueueMax { get; init; } = 4096;

    /// <summary>Returns the time, in Unix milliseconds, before which recorded values have expired.</summary>
    public long OldestMs(TimeProvider time) => (time.GetUtcNow() - AgeMax).ToUnixTimeMilliseconds();
}
