using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;

namespace Gateway.Admin.Identity.Providers;

/// <summary>Bounds of signing in with an OpenID Connect provider.</summary>
[UnconditionalSuppressMessage(
    "Trimming", "IL2026", Justification = "The ranges are read by a generated validator, which converts no types.")]
public sealed record ProviderOptions
{
    /// <summary>Bytes of an answer of a provider; a longer one is a failure.</summary>
    [Range(4096, 4 << 20)]
    public int AnswerBytesMax { get; set; } = 256 * 1024;

    /// <summary>How long an answer may take.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:00:30")]
    public TimeSpan AnswerTimeMax { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a person may take at the provider.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "01:00:00")]
    public TimeSpan SignInMax { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a provider's discovery document is kept.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan DiscoveryKept { get; set; } = TimeSpan.FromHours(1);
}
