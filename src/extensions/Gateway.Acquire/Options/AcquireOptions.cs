using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;

namespace Gateway.Acquire.Options;

/// <summary>Bounds of the service for budgets over plain HTTP.</summary>
[UnconditionalSuppressMessage(
    "Trimming", "IL2026", Justification = "The ranges are read by a generated validator, which converts no types.")]
public sealed class AcquireOptions
{
    /// <summary>Maximum body of a request, in bytes; a longer one is refused (413).</summary>
    [Range(1024, 16 * 1024 * 1024)]
    public int BodyBytesMax { get; set; } = 64 * 1024;

    /// <summary>Maximum number of costs in one request; a request with more is refused (422).</summary>
    [Range(1, 1000)]
    public int CostsMax { get; set; } = 16;

    /// <summary>Maximum length of a call's id, in characters.</summary>
    [Range(16, 1024)]
    public int IdCharactersMax { get; set; } = 128;

    /// <summary>Maximum length of a cost's key, in bytes of UTF-8.</summary>
    [Range(16, 4096)]
    public int KeyBytesMax { get; set; } = 512;

    /// <summary>Maximum number of concurrent requests; a further one is refused (503).</summary>
    [Range(1, 1_000_000)]
    public int RequestsMax { get; set; } = 16_384;

    /// <summary>Minimum time for which a charged id is remembered, across restarts too; whole seconds.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan IdsKeptFor { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Maximum number of ids whose charges can be returned; the oldest ids stay charged.</summary>
    [Range(0, 10_000_000)]
    public int RefundableMax { get; set; } = 100_000;
}
