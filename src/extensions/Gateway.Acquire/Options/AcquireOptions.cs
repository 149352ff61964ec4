using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;

namespace Gateway.Acquire.Options;

/// <summary>Bounds of limits over plain HTTP.</summary>
[UnconditionalSuppressMessage(
    "Trimming", "IL2026", Justification = "The ranges are read by a generated validator, which converts no types.")]
public sealed class AcquireOptions
{
    /// <summary>Longest body of a request, in bytes; a longer one is refused (413).</summary>
    [Range(1024, 16 * 1024 * 1024)]
    public int BodyBytesMax { get; set; } = 64 * 1024;

    /// <summary>Costs of one request; one with more is refused (422).</summary>
    [Range(1, 1000)]
    public int CostsMax { get; set; } = 16;

    /// <summary>Longest id of a call, in characters.</summary>
    [Range(16, 1024)]
    public int IdCharactersMax { get; set; } = 128;

    /// <summary>Longest key of a cost, in bytes of UTF-8.</summary>
    [Range(16, 4096)]
    public int KeyBytesMax { get; set; } = 512;

    /// <summary>Requests that are decided at once; a further one is refused (503).</summary>
    [Range(1, 1_000_000)]
    public int RequestsMax { get; set; } = 16_384;

    /// <summary>How long an id that was charged is known at least, over restarts too; whole seconds.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan IdsKeptFor { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Ids whose charges may come back, the latest; what came before them stays charged.</summary>
    [Range(0, 10_000_000)]
    public int RefundableMax { get; set; } = 100_000;
}
