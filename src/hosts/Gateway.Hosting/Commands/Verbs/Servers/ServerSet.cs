using System.CommandLine;
using System.Text.Json.Nodes;
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
        Description = "The server's MCP endpoint. Unless you may manage secrets, the server's headers and account "
            + "must then be entered again.",
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
            RunAsync, [Resources.Servers.Name, .. options]);
        MemberOptions.RequireOne(command, options);
        return command;
    }

    /// <summary>Adds the members whose options are given to a patch. Returns false after an error message.</summary>
    public static bool TryRead(ParseResult parsed, string? url, JsonObject patch)
    {
        if (!Members.TryRead(parsed, patch))
            return false;
        if (patch["oauth"] is JsonObject account && !account.ContainsKey("clientId")
            && (string?)patch["auth"] != ServerSpec.CallersOAuth)
        {
            Console.Error.WriteLine("Write --oauth-client-id, or --auth oauth, with the other --oauth options.");
            return false;
        }

        if (url is not null && patch["urls"] is JsonArray replicas)
            replicas.Insert(0, url);
        else if (url is not null)
            patch["url"] = url;
        return true;
    }

    private static async Task<int> RunAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var patch = new JsonObject();
        if (!TryRead(parsed, parsed.GetValue(Url), patch))
            return ExitCode.Usage;
        foreach (var (member, option) in Removals.Where(one => parsed.GetValue(one.Option)))
        {
            if (patch.TryAdd(member, null))
                continue;
            Console.Error.WriteLine($"Write either {option.Name} or the options that set \"{member}\", not both.");
            return ExitCode.Usage;
        }

        // Without the address of a proxy, nothing of it stays.
        if (patch["proxy"] is JsonObject { Count: 1 } proxy && proxy.ContainsKey("url") && proxy["url"] is null)
            patch["proxy"] = null;
        var name = parsed.GetValue(Resources.Servers.Name)!;
        var path = Resources.Servers.PathOf(name);
        var known = await client.GetAsync(path, ClientJson.Default.ServerView, cancellation);
        if (patch["headers"] is JsonObject headers)
        {
            // The given headers replace all present ones.
            foreach (var header in known.Value.HeaderNames)
                headers.TryAdd(header, null);
        }

        var set = await client.PatchAsync(
            path, patch, known.ETag ?? "*", ClientJson.Default.ServerView, cancellation);
        var next = ResourceText.Detached(set.Value) is { } detached
            ? $"Its credential must be entered again: {detached}. Next: gateway server set {name} --header …"
            : $"Next: gateway server inspect {name}";
        output.Say($"{name} was changed. {next}", set.Json);
        return ExitCode.Well;
    }
}
