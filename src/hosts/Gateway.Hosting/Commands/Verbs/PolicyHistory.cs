using System.CommandLine;
using System.Text.Json.Nodes;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;

namespace Gateway.Hosting.Commands.Verbs;

/// <summary><c>gateway policy versions</c>, <c>restore</c>: what a policy was.</summary>
internal static class PolicyHistory
{
    private static readonly Argument<string> Name = new("name") { Description = "The policy's name." };

    private static readonly Argument<string> Version = new("version") { Description = "One of policy versions." };

    private static readonly Option<bool> Force = new("--force")
    {
        Description = "Restore it although a test in it fails.",
    };

    private static readonly Option<string?> Reason = NewReason();

    /// <summary>Why a policy is set.</summary>
    public static Option<string?> NewReason() => new("--reason")
    {
        Description = "Why; it stands in the record, and in the history.",
        HelpName = "TEXT",
    };

    public static IEnumerable<Command> Create() =>
    [
        RemoteVerb.CreateRows("versions",
            "List what a policy was, the latest first.\n\nExample:\n  gateway policy versions support", ListAsync,
            Name),
        RemoteVerb.Create("restore",
            "Set a policy to what it was, byte for byte, as a new version.\n\nExample:\n"
            + "  gateway policy restore support 41 --reason \"the limit was too low\"",
            RestoreAsync, Name, Version, Force, Reason),
    ];

    /// <summary>The path with what a change of a policy may be told beside its document.</summary>
    public static string With(string path, bool isForced, string? reason)
    {
        List<string> query = [];
        if (isForced)
            query.Add("force=true");
        if (reason is not null)
            query.Add($"reason={Uri.EscapeDataString(reason)}");
        return query.Count == 0 ? path : $"{path}?{string.Join('&', query)}";
    }

    private static async Task<int> ListAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        output.Table(
            await client.ListAsync(Path(parsed) + "/versions", cancellation),
            $"There is no version of {parsed.GetValue(Name)}. See: gateway policy list",
            ("VERSION", static one => one["version"]!.ToJsonString()),
            ("SET", static one => Times.Show((string?)one["time"])),
            ("BY", static one => (string?)one["by"]),
            ("HOW", How),
            ("SHA256", static one => ((string?)one["sha256"])?[..12]),
            ("BYTES", static one => one["bytes"]!.ToJsonString()),
            ("REASON", static one => (string?)one["reason"]));
        return ExitCode.Well;
    }

    private static string? How(JsonNode one) =>
        (bool)one["isInForce"]! ? $"{(string?)one["action"] ?? "set"}, in force" : (string?)one["action"];

    private static async Task<int> RestoreAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var (name, version) = (parsed.GetValue(Name)!, parsed.GetValue(Version)!);
        var current = await client.VersionAsync(Path(parsed), cancellation);
        var path = With(
            $"{Path(parsed)}/versions/{Uri.EscapeDataString(version)}/restore", parsed.GetValue(Force),
            parsed.GetValue(Reason));
        var set = await client.SendAsync("POST", path, null, current, cancellation);
        foreach (var warning in set.Object["warnings"]?.AsArray() ?? [])
            Console.Error.WriteLine($"warning: {warning}");
        output.Say($"{name} is what version {version} was, sha256 {set.Object["sha256"]}.", set.Json);
        return ExitCode.Well;
    }

    private static string Path(ParseResult parsed) => $"policies/{Uri.EscapeDataString(parsed.GetValue(Name)!)}";
}
