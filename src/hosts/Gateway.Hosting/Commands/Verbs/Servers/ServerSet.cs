using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Admin.Answers;
using Gateway.Control.Contracts;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;

namespace Gateway.Hosting.Commands.Verbs.Servers;

/// <summary>
/// <c>gateway server set</c>: changes an existing server. It never accepts programs, because registering one runs code
/// with the gateway's rights.
/// </summary>
internal static class ServerSet
{
    /// <summary>The members that <c>add</c> and <c>set</c> read in the same way; only the address differs.</summary>
    public static readonly MemberOptions Members = new(ServerInput.Members);

    private static readonly Option<string?> Url = new("--url")
    {
        Description = "The server's MCP endpoint. If you change it and may not manage secrets, you must enter the "
            + "server's headers and account again.",
        HelpName = "URL",
    };

    private static readonly (string Member, Option<bool> Option)[] Removals =
    [
        .. ServerInput.Members.Where(static member => member.Kind is MemberKind.Map or MemberKind.Object)
            .Select(static member => (member.Name, new Option<bool>($"--no-{member.Words.Replace(' ', '-')}")
            {
                Description = $"Remove \"{member.Name}\".",
            })),
    ];

    public static Command Create()
    {
        Option[] options = [Url, .. Members.All, .. Removals.Select(static one => one.Option)];
        var command = RemoteVerb.Create("set",
            "Change a server; omitted members stay. Change programs in the configuration file.\n\nExample:\n"
            + "  gateway server set crm --header \"Authorization: Bearer $CRM_TOKEN\"",
            RunAsync, [Resources.Servers.Name, RemoteVerb.Reason, .. options]);
        MemberOptions.RequireOne(command, options);
        return command;
    }

    /// <summary>
    /// Returns the merge patch of the members whose options are given; null after an error message.
    /// </summary>
    public static JsonObject? Read(ParseResult parsed, string? url)
    {
        var patch = new JsonObject();
        if (!Members.TryRead(parsed, patch))
            return null;
        return url is null ? patch
            : With(patch, Values(patch).Urls is { } replicas
                ? new ServerInput { Urls = [url, .. replicas] } : new ServerInput { Url = url });
    }

    /// <summary>
    /// Returns the values that a patch sets. An object from which it only removes members is left empty.
    /// </summary>
    public static ServerInput Values(JsonObject patch) =>
        MergePatch.Apply([], patch).Deserialize(ClientJson.Default.ServerInput)!;

    private static async Task<int> RunAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        if (Read(parsed, parsed.GetValue(Url)) is not { } patch)
            return ExitCode.Usage;
        var given = Values(patch);
        // Without the address of a proxy, nothing of it stays.
        if (given.Proxy == new ServerProxySpec())
            patch["proxy"] = null;
        foreach (var (member, option) in Removals.Where(one => parsed.GetValue(one.Option)))
        {
            if (patch.TryAdd(member, null))
                continue;
            Console.Error.WriteLine($"Write either {option.Name} or the options that set \"{member}\", not both.");
            return ExitCode.Usage;
        }

        var name = parsed.GetValue(Resources.Servers.Name)!;
        var path = Resources.Servers.PathOf(name);
        var known = await client.GetAsync(path, ClientJson.Default.ServerView, cancellation);
        if (given.Headers is { } headers)
        {
            // The given headers replace all present ones.
            patch["headers"] = new JsonObject(
            [
                .. known.Value.HeaderNames.Except(headers.Keys)
                    .Select(static header => KeyValuePair.Create(header, (JsonNode?)null)),
                .. headers.Select(static header => KeyValuePair.Create(header.Key, (JsonNode?)header.Value)),
            ]);
        }

        var set = await client.PatchAsync(
            path, patch, known.ETag ?? "*", ClientJson.Default.ServerView, cancellation);
        var next = ResourceText.Detached(set.Value) is { } detached
            ? $"Its credential must be entered again: {detached}. Next: gateway server set {name} --header …"
            : $"Next: gateway server inspect {name}";
        output.Say($"{name} was changed. {next}", set.Json);
        return ExitCode.Well;
    }

    private static JsonObject With(JsonObject patch, ServerInput address) =>
        MergePatch.Apply(patch, JsonSerializer.SerializeToNode(address, ClientJson.Default.ServerInput)!.AsObject());
}
