using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Admin.Pausing;
using Gateway.Control.Snapshots;
using Gateway.Control.Updating;

namespace Gateway.Admin.Grants;

/// <summary>The grants that tokens of issuers select, in the order in which they are tried.</summary>
/// <param name="Matches">The grants with their conditions.</param>
/// <param name="Overlaps">The pairs of grants that one token matches; the first is selected.</param>
internal sealed record MatchesView(IReadOnlyList<MatchView> Matches, IReadOnlyList<OverlapView> Overlaps)
{
    /// <summary>The maximum number of listed overlaps.</summary>
    public const int OverlapsMax = 500;

    /// <summary>The audiences of the issuers' tokens; null if no issuer has tokens.</summary>
    public IReadOnlyList<IssuerAudienceView>? Audiences { get; init; }

    public static MatchesView Of(ControlState state)
    {
        var matches = state.Objects.Grants.Values.Where(static grant => grant.Match is not null)
            .OrderBy(static grant => grant.Match!.Order).ThenBy(static grant => grant.Name, StringComparer.Ordinal)
            .Select(static grant => (grant.Name, Match: grant.Match!)).ToList();
        var overlaps =
            from first in matches.Select(static (one, at) => (one.Name, one.Match, At: at))
            from second in matches.Skip(first.At + 1)
            where first.Match.Issuer == second.Match.Issuer
            let example = MatchExample.Of(first.Match, second.Match)
            where example is not null
            select new OverlapView(first.Name, second.Name, first.Match.Issuer, TokenOf(state, first.Match, example));
        return new MatchesView(
            [.. matches.Select(static one => MatchView.Of(one.Name, one.Match))], [.. overlaps.Take(OverlapsMax)])
        {
            Audiences = IssuerAudienceView.Of(state),
        };
    }

    private static JsonObject TokenOf(ControlState state, GrantMatch match, JsonObject claims)
    {
        var issuer = state.Config.Callers.Issuers.FirstOrDefault(one => one.Name == match.Issuer);
        claims.Insert(0, "iss", issuer?.Issuer ?? match.Issuer);
        return claims;
    }
}

/// <summary>A grant and the tokens that select it.</summary>
/// <param name="Grant">The name of the grant.</param>
/// <param name="Order">Its position: the smallest that matches is selected.</param>
/// <param name="Issuer">The name of the issuer.</param>
/// <param name="Claims">The conditions, all of which must hold.</param>
internal sealed record MatchView(string Grant, int Order, string Issuer, IReadOnlyList<ClaimView> Claims)
{
    public static MatchView Of(string grant, GrantMatch match) => new(
        grant, match.Order, match.Issuer,
        [.. match.Claims.Select(static one => new ClaimView(one.Path, one.Operator, one.Value))]);
}

/// <summary>A condition on a claim.</summary>
/// <param name="Path">The name of the claim, or a JSON Pointer into the claims.</param>
/// <param name="Op">The operator.</param>
/// <param name="Value">The value to compare with.</param>
internal sealed record ClaimView(string Path, string Op, JsonElement Value);

/// <summary>Two grants that one token matches.</summary>
/// <param name="Selected">The grant that such a token selects.</param>
/// <param name="Shadowed">The grant that it would select otherwise.</param>
/// <param name="Issuer">The name of the issuer.</param>
/// <param name="Example">Claims of such a token.</param>
internal sealed record OverlapView(string Selected, string Shadowed, string Issuer, JsonObject Example);
