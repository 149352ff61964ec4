using System.CommandLine;
using Gateway.Admin.Policies;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;
using Gateway.Mcp.Writing;

namespace Gateway.Hosting.Commands.Verbs.Policies;

/// <summary><c>gateway policy versions</c>, <c>restore</c>: the earlier versions of a policy.</summary>
internal static class PolicyHistory
{
    private static readonly Argument<string> Name = Resources.Policies.Name;

    private static readonly Argument<string> Version = new("version")
    {
        Description = "The version's number, or else its revision, as \"policy versions\" lists them.",
    };

    private static readonly Option<bool> Force = new("--force")
    {
        Description = "Restore the version even if a test in it fails.",
    };


    public static Command CreateVersions() => RemoteVerb.CreateRows("versions",
        "List a policy's versions, the latest first.\n\nExample:\n  gateway policy versions support", ListAsync, Name);

    public static Command CreateRestore() => RemoteVerb.Create("restore",
        "Restore a version of a policy, byte for byte, as a new version.\n\nExample:\n"
        + "  gateway policy restore support 3 --reason \"the limit was too low\"",
        RestoreAsync, Name, Version, Force, RemoteVerb.Reason);

    /// <summary>Returns the path with the parameters that a change of a policy takes beside its document.</summary>
    public static string With(string path, bool isForced) => isForced ? $"{path}?force=true" : path;

    /// <summary>
    /// Returns the active version of a policy; null if there is none, or if the caller may not read versions.
    /// </summary>
    public static async Task<PolicyVersionView?> ActiveAsync(
        string name, AdminClient client, CancellationToken cancellation)
    {
        try
        {
            var latest = await client.GetAsync(
                $"{Resources.Policies.PathOf(name)}/versions?limit=1", ClientJson.Default.PageViewPolicyVersionView,
                cancellation);
            return latest.Value.Items.FirstOrDefault(static one => one.IsInForce);
        }
        catch (AdminProblemException e) when (e.Status is 403 or 404 or 409)
        {
            return null;
        }
    }

    /// <summary>Returns the number of a version; a previous release sends only its revision.</summary>
    public static long NumberOf(PolicyVersionView one) => one.Number > 0 ? one.Number : one.Version;

    /// <summary>Returns the version with a number; null if there is none, after printing so.</summary>
    public static async Task<PolicyVersionView?> FindAsync(
        string name, string number, AdminClient client, CancellationToken cancellation)
    {
        var all = await client.ListAsync(
            $"{Resources.Policies.PathOf(name)}/versions", ClientJson.Default.PageViewPolicyVersionView, cancellation);
        var found = all.Find(one => $"{one.Value.Number}" == number);
        // The JSON of previous releases has only revisions, and scripts use them.
        var ofRevision = all.Find(one => $"{one.Value.Version}" == number);
        if (found is null && ofRevision is null)
        {
            Console.Error.WriteLine(VisibleText.Of(
                $"There is no version {number} of the policy {name}. See: gateway policy versions {name}"));
        }
        else if (ofRevision is { Value.Number: > 0 } && ofRevision != found)
        {
            Console.Error.WriteLine($"note: revision {number} is {Text(ofRevision.Value)}. "
                + (found is null ? "It is used."
                    : $"Version {number} applies; its revision is {found.Value.Version}."));
        }

        return (found ?? ofRevision)?.Value;
    }

    /// <summary>Returns the number of a version, or its revision from a previous release, and says which.</summary>
    private static string Named(PolicyVersionView one) =>
        one.Number > 0 ? $"version {one.Number}" : $"revision {one.Version}";

    /// <summary>Returns the number of a version, and who set it when.</summary>
    public static string Text(PolicyVersionView one) => Named(one)
        + (one.By is { } by ? $", which {by} set at {Times.Show(one.Time)}" : "");

    private static async Task<int> ListAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        output.List(
            await client.ListAsync(
                $"{Resources.Policies.PathOf(parsed)}/versions", ClientJson.Default.PageViewPolicyVersionView,
                cancellation),
            $"There is no version of {parsed.GetValue(Name)}. See: gateway policy list",
            ("VERSION", static one => one.Number > 0 ? $"{one.Number}" : null),
            ("REVISION", static one => $"{one.Version}"),
            ("SET", static one => Times.Show(one.Time)),
            ("BY", static one => one.By),
            ("HOW", How),
            ("SHA256", static one => one.Sha256),
            ("BYTES", static one => $"{one.Bytes}"),
            ("REASON", static one => one.Reason));
        return ExitCode.Well;
    }

    private static string? How(PolicyVersionView one) =>
        one.IsInForce ? $"{one.Action ?? "set"}, active" : one.Action;

    private static async Task<int> RestoreAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var name = parsed.GetValue(Name)!;
        if (await FindAsync(name, parsed.GetValue(Version)!, client, cancellation) is not { } found)
            return ExitCode.No;
        var current = await client.VersionAsync(Resources.Policies.PathOf(parsed), cancellation);
        var path = With(
            $"{Resources.Policies.PathOf(parsed)}/versions/{found.Version}/restore",
            parsed.GetValue(Force));
        var set = await client.PostAsync(path, ClientJson.Default.PolicyView, cancellation, current);
        foreach (var warning in set.Value.Warnings ?? [])
            Console.Error.WriteLine($"warning: {warning}");
        output.Say($"{name} was restored to {Named(found)}, sha256 {set.Value.Sha256}.", set.Json);
        return ExitCode.Well;
    }
}
