using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;

namespace Gateway.Admin.Identity.Providers;

/// <summary>Limits of signing in with an OpenID Connect provider.</summary>
[UnconditionalSuppressMessage(
    "Trimming", "IL2026", Justification = "The ranges are read by a generated validator, which converts no types.")]
public sealed record ProviderOptions
{
    /// <summary>The timeout of a request to a provider.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:00:30")]
    public TimeSpan AnswerTimeMax { get; set; } = TimeSpan.FromSeconds(10);
}
