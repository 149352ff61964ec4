using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;

namespace Gateway.Proxy.Approvals.Requests;

/// <summary>Options of approval requests.</summary>
[UnconditionalSuppressMessage(
    "Trimming", "IL2026", Justification = "The ranges are read by a generated validator, which converts no types.")]
public sealed record ApprovalOptions
{
    /// <summary>The time for which a used or denied request is still listed.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")]
    public TimeSpan History { get; init; } = TimeSpan.FromHours(24);

    /// <summary>
    /// The address at which people reach the console, without <c>/console</c>. If it is null, agents receive no link to
    /// a call that waits for a person.
    /// </summary>
    public Uri? ConsoleUrl { get; init; }
}
