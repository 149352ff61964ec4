using System.CommandLine;
using System.Globalization;
using Gateway.Admin.Grants;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;

namespace Gateway.Hosting.Commands.Verbs.Grants;

/// <summary><c>gateway grant review</c>: which tokens of issuers select which grants.</summary>
internal static class GrantReview
{
    public static Command Create() => RemoteVerb.CreateRows("review",
        "List the grants that a token of an issuer can select, in the order of evaluation, with the audience that the "
        + "token needs. For each grant, also list the earlier grants that match some of the same tokens, with an "
        + "example.\n\nExample:\n  gateway grant review", RunAsync);

    private static async Task<int> RunAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var found = await client.GetAsync("matches", ClientJson.Default.MatchesView, cancellation);
        if (output.IsJson)
        {
            output.Json(found.Json);
            return ExitCode.Well;
        }

        var audiences = (found.Value.Audiences ?? []).ToDictionary(static of => of.Issuer, static of => of.Audience);
        var overlaps = found.Value.Overlaps.ToLookup(static one => one.Shadowed);
        output.Table(
            found.Value.Matches, "No grant has \"match\".",
            ("ORDER", static one => one.Order.ToString(CultureInfo.InvariantCulture)),
            ("GRANT", static one => one.Grant),
            ("ISSUER", static one => one.Issuer),
            ("CLAIMS", static one => ResourceText.Joined([.. one.Claims.Select(Text)], " and ") ?? "any"),
            ("AUDIENCE", one => audiences.TryGetValue(one.Issuer, out var audience)
                ? audience ?? "the address that is called" : "none (certificates)"),
            ("OVERLAPS", one => ResourceText.Joined(
                [.. overlaps[one.Grant].Select(static other => $"{other.Selected}: {other.Example.ToJsonString()}")],
                "; ")));
        return ExitCode.Well;
    }

    private static string Text(ClaimView claim) => $"{claim.Path} {claim.Op} {claim.Value.GetRawText()}";
}
