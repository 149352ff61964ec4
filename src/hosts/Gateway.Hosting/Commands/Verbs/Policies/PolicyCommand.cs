using System.CommandLine;
using Gateway.Hosting.Commands.Remote;

namespace Gateway.Hosting.Commands.Verbs.Policies;

/// <summary><c>gateway policy</c>: sets, checks, explains, tests, compares and recommends policies.</summary>
internal static class PolicyCommand
{
    public static Command Create() => new("policy", "Set, show, validate, explain, test and compare policies.")
    {
        PolicySet.Create(),
        PolicyValidate.Create(),
        PolicyExplain.Create(),
        PolicyTest.Create(),
        PolicyDiffVerb.Create(),
        PolicyImport.Create(),
        PolicyDraftVerb.Create(),
        PolicyCandidate.Create(),
        PolicyRecommend.Create(),
        Resources.Policies.List("List the policies with the grants that use them.\n\nExample:\n  gateway policy list"),
        RemoteVerb.Create("show",
            "Print a policy's document byte for byte.\n\nExample:\n"
            + "  gateway policy show support > support.json",
            static async (parsed, client, output, cancellation) =>
            {
                // Unchanged, so that it can be set again. The document is JSON, with and without --json.
                var policy = await client.GetAsync(Resources.Policies.PathOf(parsed), cancellation);
                output.Writer.WriteLine(policy.Text.TrimEnd('\n'));
                return ExitCode.Well;
            }, Resources.Policies.Name),
        Resources.Policies.Remove("remove",
            "Remove a policy that neither a grant nor the oauthPolicy of a server uses.\n\nExample:\n"
            + "  gateway policy remove support", "was removed."),
        PolicyHistory.CreateVersions(),
        PolicyHistory.CreateRestore(),
    };
}
