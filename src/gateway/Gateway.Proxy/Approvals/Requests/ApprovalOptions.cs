using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;

namespace Gateway.Proxy.Approvals.Requests;

/// <summary>Requests for approval.</summary>
[UnconditionalSuppressMessage(
    "Trimming", "IL2026", Justification = "The ranges are read by a generated validator, which converts no types.")]
public sealed record ApprovalOptions
{
    /// <summary>How long a used or denied request is still listed.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")]
    public TimeSpan History { get; init; } = TimeSpan.FromHours(24);

    /// <summary>
    /// The address under which people reach the console, without <c>/console</c>; null gives agents no link to a call
    /// that waits for a person.
    /// </summary>
    public Uri? ConsoleUrl { get; init; }
}
