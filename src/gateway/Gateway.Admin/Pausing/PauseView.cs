using Gateway.Control.Snapshots;

namespace Gateway.Admin.Pausing;

/// <summary>A pause as it is shown.</summary>
/// <param name="Since">When it began; null where that cannot be read.</param>
/// <param name="From">Where the operator was.</param>
internal sealed record PauseView(DateTimeOffset? Since, string? From)
{
    public static PauseView? Of(Pause? pause) => pause is null ? null : new(
        pause.SinceMs is { } since ? DateTimeOffset.FromUnixTimeMilliseconds(since) : null, pause.From);
}
