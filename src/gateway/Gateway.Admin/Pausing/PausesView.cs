using Gateway.Control.Updating;

namespace Gateway.Admin.Pausing;

/// <summary>The pauses by operators.</summary>
/// <param name="Gateway">The pause of every call; null while there is none.</param>
/// <param name="Servers">Servers that are paused, by name.</param>
/// <param name="Grants">Grants that are paused, by name; a pause of every call is not counted.</param>
internal sealed record PausesView(PauseView? Gateway, IReadOnlyList<string> Servers, IReadOnlyList<string> Grants)
{
    /// <summary>The subjects that are paused or revoked, or expire later; null if there are none.</summary>
    public IReadOnlyList<SubjectView>? Subjects { get; init; }

    /// <summary>The tools that are paused; null if there are none.</summary>
    public IReadOnlyList<PausedToolView>? Tools { get; init; }

    /// <summary>The names of the issuers whose subjects can be stopped; null if none is configured.</summary>
    public IReadOnlyList<string>? Issuers { get; init; }

    /// <summary>The audiences of the issuers' tokens; null if no issuer has tokens.</summary>
    public IReadOnlyList<IssuerAudienceView>? Audiences { get; init; }

    public static PausesView Of(ControlState state, long nowMs) => new(
        PauseView.Of(state.Pauses.Gateway),
        [.. state.Objects.Servers.Keys
            .Where(server => state.Pauses.OfServer(server) is not null).Order(StringComparer.Ordinal)],
        [.. state.Objects.Grants.Values
            .Where(grant => grant.IsPaused || state.Pauses.OfGrant(grant.Name) is not null)
            .Select(static grant => grant.Name).Order(StringComparer.Ordinal)])
    {
        Subjects = state.Pauses.Subjects.Any()
            ? [.. state.Pauses.Subjects.Select(one => SubjectView.Of(one.Key, one.Value, state, nowMs))
                .OrderBy(static one => one.Issuer, StringComparer.Ordinal)
                .ThenBy(static one => one.Subject, StringComparer.Ordinal)]
            : null,
        Tools = state.Pauses.Tools.Any()
            ? [.. state.Pauses.Tools.Select(static one => new PausedToolView(
                one.Value.Tool?.Server ?? "", one.Value.Tool?.Name ?? one.Key, PauseView.Of(one.Value)!))
                .OrderBy(static one => one.Server, StringComparer.Ordinal)
                .ThenBy(static one => one.Tool, StringComparer.Ordinal)]
            : null,
        Issuers = state.Config.Callers.Issuers is { IsEmpty: false } issuers
            ? [.. issuers.Select(static issuer => issuer.Name).Order(StringComparer.Ordinal)] : null,
        Audiences = IssuerAudienceView.Of(state),
    };
}

/// <summary>The audience of an issuer's tokens.</summary>
/// <param name="Issuer">The issuer's name.</param>
/// <param name="Audience">
/// The one audience for all addresses; null if tokens are for the address that is called.
/// </param>
internal sealed record IssuerAudienceView(string Issuer, string? Audience)
{
    /// <summary>Returns the audiences of all issuers with tokens; null if there are none.</summary>
    public static IReadOnlyList<IssuerAudienceView>? Of(ControlState state) =>
        state.Config.Callers.Issuers.Where(static issuer => issuer.Certificates is null).ToList()
            is not [_, ..] tokens ? null
            : [.. tokens.OrderBy(static issuer => issuer.Name, StringComparer.Ordinal)
                .Select(static issuer => new IssuerAudienceView(issuer.Name, issuer.Audience))];
}

/// <summary>A tool whose calls are refused.</summary>
/// <param name="Server">The server; empty if the pause cannot be read.</param>
/// <param name="Tool">The tool's name at the server; the name of the pause if it cannot be read.</param>
/// <param name="Pause">The pause.</param>
internal sealed record PausedToolView(string Server, string Tool, PauseView Pause);
