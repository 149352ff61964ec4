using System.Collections.Immutable;

namespace Gateway.Admin.Live;

/// <summary>What this gateway knows of the others.</summary>
/// <param name="Own">The name of this one.</param>
/// <param name="Others">Logs of the others, with their names.</param>
/// <param name="Frontends">All of them, by name; default for a gateway that shares nothing.</param>
internal sealed record LiveView(
    string Own, ImmutableArray<(string Name, LiveLog Log)> Others, ImmutableArray<LiveFrontend> Frontends)
{
    /// <summary>Whether this gateway shares nothing.</summary>
    public bool IsAlone => Frontends.IsDefault;

    /// <summary>Of a gateway that knows of no others.</summary>
    public static LiveView Alone { get; } = new(Environment.MachineName, [], default);
}
