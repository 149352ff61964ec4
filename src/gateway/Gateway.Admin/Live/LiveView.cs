using System.Collections.Immutable;

namespace Gateway.Admin.Live;

/// <summary>This gateway's knowledge of the others.</summary>
/// <param name="Own">The name of this gateway.</param>
/// <param name="Others">Logs of the others, with their names.</param>
/// <param name="Frontends">All gateways by name; default if this gateway shares no store.</param>
internal sealed record LiveView(
    string Own, ImmutableArray<(string Name, LiveLog Log)> Others, ImmutableArray<LiveFrontend> Frontends)
{
    /// <summary>True if this gateway shares no store.</summary>
    public bool IsAlone => Frontends.IsDefault;

    /// <summary>The view of a gateway without others.</summary>
    public static LiveView Alone { get; } = new(Environment.MachineName, [], default);
}
